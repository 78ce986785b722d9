"""What Odoo does by itself because of a plan, as sentences: by the code of each notice that a behaviour gives.

An English sentence is the key of its translation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from segmenter.i18n import N_, NN_, _, ngettext, some_of
from segmenter.model_names import plural_name
from segmenter.notice import Notice

MOST_PROPERTIES = 5

PLAIN: Mapping[str, str] = {
    "chatter.mails_unknown": N_(
        "Followers who subscribed to stages are mailed; the work user may not see who they are"
    ),
    "chatter.undo_mails_again": N_("An undo mails them again"),
    "chatter.team_followers_unknown": N_("Whoever follows a team becomes a follower of the leads it is written on"),
    # What "lost" takes differs: archived alone on 14, without a chance as well on 19.
    "archiving.counts_as_lost": N_("Odoo may count a lead that is archived as lost"),
    "assignment.sets_date": N_("A new salesperson sets the assignment date of the lead; no mail is sent"),
    "assignment.company_of_salesperson": N_(
        "A lead of no company gets that of its new salesperson; an undo leaves it without one again"
    ),
    "scoring.automatic_among_first": N_(
        "Of the first {total} of these leads, {number} show that probability, and no other that a person set"
    ),
    "scoring.counts_change": N_(
        "Leads that are won, lost or reopened change what Odoo's scoring counts, and so the automatic probability "
        "of other leads: when one of them changes, or in Odoo's nightly computation"
    ),
    "display_order.changes": N_("Odoo lists leads by priority first, so their order on people's screens changes"),
    "contact_reach.noted_on_leads": N_(
        "What changes on a lead along with its contact is noted in its message history all the same"
    ),
    "contact_reach.restored": N_("An undo gives all of them their “{field}” back"),
    "contact_reach.probability_of_leads": N_("Odoo may compute the automatic probability of these leads anew"),
    "conversion.date": N_("A lead that becomes an opportunity gets the moment of this plan as its conversion date"),
    "plan.version_assumed": N_("The file does not say which Odoo it came from; this is what Odoo {version} does"),
}

COUNTED: Mapping[str, tuple[str, str]] = {
    "chatter.undo_mails_former_team": NN_(
        "An undo also mails whoever follows the former team of {number} lead and subscribed to stages there",
        "An undo also mails whoever follows the former team of {number} leads and subscribed to stages there",
    ),
    "chatter.noted": NN_(
        "The change of {number} record is noted in its message history, which an undo does not take back",
        "The changes of {number} records are noted in their message history, which an undo does not take back",
    ),
    "chatter.not_noted": NN_(
        "The change of {number} record leaves no trace in its message history: the consultant's files keep the only "
        "one",
        "The changes of {number} records leave no trace in their message history: the consultant's files keep the only "
        "one",
    ),
    "chatter.salesperson_follows": NN_(
        "The new salesperson of {number} record becomes its follower, and an undo leaves that",
        "The new salespeople of {number} records become their followers, and an undo leaves that",
    ),
    "chatter.team_followers": NN_(
        "Whoever follows its team becomes a follower of {number} record, and an undo leaves that: {people}",
        "Whoever follows their team becomes a follower of {number} records, and an undo leaves that: {people}",
    ),
    "chatter.former_salesperson_follows": NN_(
        "An undo makes the former salesperson of {number} record its follower",
        "An undo makes the former salespeople of {number} records their followers",
    ),
    "chatter.former_team_follows": NN_(
        "An undo makes whoever follows the former team of {number} lead its follower",
        "An undo makes whoever follows the former team of {number} leads their follower",
    ),
    "last_move.date_changes": NN_(
        "The date of the last move of {number} lead becomes that of the run, and then that of an undo; Odoo 19 marks "
        "by it the leads that rest too long in a stage",
        "The date of the last move of {number} leads becomes that of the run, and then that of an undo; Odoo 19 marks "
        "by it the leads that rest too long in a stage",
    ),
    "last_move.date_renewed_by_team": NN_(
        "Writing the team of {number} lead renews the date of the last move, although it does not move, and an "
        "undo renews it again",
        "Writing the team of {number} leads renews the date of the last move, although they do not move, and an "
        "undo renews it again",
    ),
    "last_move.time_in_stage_spoiled": NN_(
        "The time in stage of {number} lead is spoiled: the move leaves no note, so Odoo counts for the new stage "
        "all time since the last move that was noted, or since the lead was made; `tracking: keep` avoids that",
        "The time in stage of {number} leads is spoiled: the moves leave no note, so Odoo counts for the new stage "
        "all time since the last move that was noted, or since the lead was made; `tracking: keep` avoids that",
    ),
    "won_stage.sets_probability": NN_(
        "Moving {number} lead to a won stage sets its probability to 100",
        "Moving {number} leads to a won stage sets their probability to 100",
    ),
    "won_stage.keeps_probability": NN_(
        "{number} lead is won or becomes it, and Odoo {version} lets a won lead have no other probability than "
        "100: leave out the won stages, or do not set the probability there",
        "{number} leads are won or become it, and Odoo {version} lets a won lead have no other probability than "
        "100: leave out the won stages, or do not set the probability there",
    ),
    "closing_date.set": NN_(
        "{number} lead is closed by the run: its closing date becomes that of the run",
        "{number} leads are closed by the run: their closing date becomes that of the run",
    ),
    "closing_date.emptied": NN_(
        "{number} closed lead loses its closing date",
        "{number} closed leads lose their closing date",
    ),
    "closing_date.not_restored": NN_(
        "An undo does not leave the closing date of {number} lead as it is now: it stays changed, is renewed or "
        "is emptied",
        "An undo does not leave the closing date of {number} leads as it is now: it stays changed, is renewed or "
        "is emptied",
    ),
    "archiving.deletes_activities": NN_(
        "Archiving deletes the activities that are planned on {number} record, and an undo does not give them back",
        "Archiving deletes the activities that are planned on {number} records, and an undo does not give them back",
    ),
    "assignment.date_not_restored": NN_(
        "An undo does not leave the assignment date of {number} lead as it is now",
        "An undo does not leave the assignment date of {number} leads as it is now",
    ),
    "assignment.not_seen": NN_(
        "{number} lead is of a company that its new salesperson does not work in, who therefore does not see it",
        "{number} leads are of a company that their new salesperson does not work in, who therefore does not see them",
    ),
    "assignment.refused": NN_(
        "{number} lead is of a company that its new salesperson does not work in, and Odoo {version} refuses that "
        "or moves the lead to another company: leave it out, or give it to somebody of its company",
        "{number} leads are of a company that their new salesperson does not work in, and Odoo {version} refuses "
        "that or moves the leads to another company: leave them out, or give them to somebody of their company",
    ),
    "company_of_lead.moves": NN_(
        "{number} lead goes to the company {company}, which is its new team's; an undo gives it its own back",
        "{number} leads go to the company {company}, which is their new team's; an undo gives them their own back",
    ),
    "company_of_lead.not_seen": NN_(
        "{number} lead goes to a company that its salesperson does not work in, who then does not see it any more",
        "{number} leads go to a company that their salesperson does not work in, who then does not see them any more",
    ),
    "company_of_lead.stays": NN_(
        "Odoo would change the company of {number} lead: the plan writes its own again, so that it stays",
        "Odoo would change the company of {number} leads: the plan writes their own again, so that they stay",
    ),
    "team_and_stage.team_stays": NN_(
        "Odoo would give {number} lead its new salesperson's team: the plan writes its own again, so that it stays",
        "Odoo would give {number} leads their new salesperson's team: the plan writes their own again, so that it "
        "stays",
    ),
    "team_and_stage.stage_stays": NN_(
        "Odoo would move {number} lead to a stage of its team: the plan writes its own again, so that it stays",
        "Odoo would move {number} leads to a stage of their team: the plan writes their own again, so that they stay",
    ),
    "scoring.by_hand": NN_(
        "The probability of {number} lead counts as set by a person from then on, and can after an undo: Odoo's "
        "scoring does not move it",
        "The probability of {number} leads counts as set by a person from then on, and can after an undo: Odoo's "
        "scoring does not move it",
    ),
    "scoring.computed_anew": NN_(
        "Odoo may compute the automatic probability of {number} lead anew; assumed is the scoring that Odoo "
        "{version} comes with, which looks at {fields}",
        "Odoo may compute the automatic probability of {number} leads anew; assumed is the scoring that Odoo "
        "{version} comes with, which looks at {fields}",
    ),
    "scoring.automatic": NN_(
        "{number} of these leads shows that probability, and no other that a person set",
        "{number} of these leads show that probability, and no other that a person set",
    ),
    "scoring.kept_by_undo": NN_(
        "An undo leaves {number} lead that it archives again the probability that Odoo computes meanwhile",
        "An undo leaves {number} leads that it archives again the probability that Odoo computes meanwhile",
    ),
    "scoring.by_hand_after_undo": NN_(
        "The probability of {number} lead that the run archives counts as set by a person after an undo, if Odoo "
        "computes another one meanwhile",
        "The probability of {number} leads that the run archives counts as set by a person after an undo, if Odoo "
        "computes another one meanwhile",
    ),
    "contact_of_lead.taken_over": NN_(
        "{number} lead gets a contact and takes over its e-mail and phone, as far as it has them; names and "
        "address stay, and an undo gives back what it had",
        "{number} leads get a contact and take over its e-mail and phone, as far as it has them; names and "
        "address stay, and an undo gives back what they had",
    ),
    "contact_of_lead.written_meanwhile": NN_(
        "{number} lead gets another contact, or none, while the plan writes e-mails or phones of other leads: it "
        "takes over what its contact holds by then, and an undo may leave that",
        "{number} leads get another contact, or none, while the plan writes e-mails or phones of other leads: they "
        "take over what their contact holds by then, and an undo may leave that",
    ),
    "company_of_contact.changes_below": NN_(
        "{number} contact below those that become companies, or are none any more, belongs to another company from "
        "then on; an undo gives that back",
        "{number} contacts below those that become companies, or are none any more, belong to another company from "
        "then on; an undo gives that back",
    ),
    "contact_reach.not_restored": NN_(
        "An undo does not give {number} of them its own “{field}” back",
        "An undo does not give {number} of them their own “{field}” back",
    ),
    "contact_reach.changed_by_undo": NN_(
        "An undo changes “{field}” of {number} other record, which holds already what is written",
        "An undo changes “{field}” of {number} other records, which hold already what is written",
    ),
    "contact_reach.several_after": NN_(
        "The plan gives records of {number} contact several values for “{field}”, and Odoo keeps one: a run leaves "
        "the others as conflicts",
        "The plan gives records of {number} contacts several values for “{field}”, and Odoo keeps one each: a run "
        "leaves the others as conflicts",
    ),
    "contact_reach.several_before": NN_(
        "Records of {number} contact hold several values for “{field}” now, of which an undo gives back one",
        "Records of {number} contacts hold several values for “{field}” now, of which an undo gives back one each",
    ),
}


def rules_unknown(notice: Notice) -> str:
    """The work user may not list the automation rules."""
    return _(
        "Automation rules run on every change, and the work user may not list them: whoever administers this Odoo "
        "knows which ones act on {records}, and can pause those that send mail"
    ).format(records=plural_name(notice.name("model")))


def rules_may_run(notice: Notice) -> str:
    """The automation rules by name."""
    return ngettext(
        "{number} automation rule of this Odoo acts on {model}, and may run on these changes: {names}",
        "{number} automation rules of this Odoo act on {model}, and may run on these changes: {names}",
        notice.number(),
    ).format(number=notice.number(), model=plural_name(notice.name("model")), names=notice.name("rules"))


def mails(notice: Notice) -> str:
    """Whom Odoo mails, where the spec says to keep the trace."""
    return ngettext(
        "Odoo mails the followers of {number} record about its change: {names}",
        "Odoo mails the followers of {number} records about their changes: {names}",
        notice.number(),
    ).format(number=notice.number(), names=_people(notice))


def would_mail(notice: Notice) -> str:
    """Whom Odoo would mail, where the spec does not choose."""
    if notice.code == "chatter.would_mail_unknown":
        return _("The work user may not see who follows these records and would be mailed.")
    return ngettext(
        "{number} record has followers whom Odoo would mail about its change: {names}.",
        "{number} records have followers whom Odoo would mail about their changes: {names}.",
        notice.number(),
    ).format(number=notice.number(), names=_people(notice))


def choose_tracking(notice: Notice) -> str:
    """The same as a question to the consultant."""
    keep = _(
        "`tracking: keep` notes the changes in the message history, mails them, and takes 4 to 6 ms a record, not 0.3."
    )
    silent = _("`tracking: silent` mails nobody, and leaves no trace in the message history of this version.")
    return f"{would_mail(notice)} {_('Say in the spec what to do.')} {keep} {silent}"


def properties_lost(notice: Notice) -> str:
    """Properties of a team by name, those that most leads lose first."""
    names = notice.all_names("properties")
    return ngettext(
        "{number} lead loses properties of its team, which its new team does not have ({names}); an undo gives "
        "them back",
        "{number} leads lose properties of their team, which their new team does not have ({names}); an undo gives "
        "them back",
        notice.number(),
    ).format(number=notice.number(), names=some_of(names[:MOST_PROPERTIES], len(names)))


def changes_others(notice: Notice) -> str:
    """The other records that change along, by name."""
    contacts, leads = notice.number("contacts"), notice.number("leads")
    return _("Writing “{field}” also changes {contacts} and {leads}: {names}").format(
        field=notice.name("field"),
        contacts=ngettext("{number} other contact", "{number} other contacts", contacts).format(number=contacts),
        leads=ngettext("{number} other lead", "{number} other leads", leads).format(number=leads),
        names=some_of(notice.all_names("records"), notice.number()),
    )


def _people(notice: Notice) -> str:
    """``Ana, Luis, Carmen and 4 more``."""
    return some_of(notice.all_names("people"), notice.number("people"))


WORDINGS: Mapping[str, Callable[[Notice], str]] = {
    "automation_rules.unknown": rules_unknown,
    "automation_rules.may_run": rules_may_run,
    "chatter.mails": mails,
    "chatter.would_mail": choose_tracking,
    "chatter.would_mail_unknown": choose_tracking,
    "team_properties.lost": properties_lost,
    "contact_reach.changes_others": changes_others,
}
