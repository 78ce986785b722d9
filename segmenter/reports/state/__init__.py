"""Where every record is now, after all plans that stand: built from the ledger, shown as a page and a workbook."""
