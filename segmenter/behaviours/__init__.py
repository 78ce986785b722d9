"""What Odoo does by itself when something is written: one module for each behaviour, all of one signature."""

from __future__ import annotations

from segmenter.behaviours.archiving import Archiving
from segmenter.behaviours.assignment import Assignment
from segmenter.behaviours.automation_rules import AutomationRules
from segmenter.behaviours.behaviour import Behaviour
from segmenter.behaviours.chatter import Chatter
from segmenter.behaviours.closing_date import ClosingDate
from segmenter.behaviours.company_of_contact import CompanyOfContact
from segmenter.behaviours.company_of_lead import CompanyOfLead
from segmenter.behaviours.contact_of_lead import ContactOfLead
from segmenter.behaviours.contact_reach import ContactReach
from segmenter.behaviours.conversion import Conversion
from segmenter.behaviours.display_order import DisplayOrder
from segmenter.behaviours.last_move import LastMove
from segmenter.behaviours.scoring import Scoring
from segmenter.behaviours.team_and_stage import StageOfTeam, TeamOfSalesperson
from segmenter.behaviours.team_properties import TeamProperties
from segmenter.behaviours.won_stage import WonStage

BEHAVIOURS: tuple[type[Behaviour], ...] = (
    # These write something along, in this order: stage and company depend on the team that is written.
    *(Conversion, ContactOfLead, WonStage, TeamOfSalesperson, TeamProperties, StageOfTeam, CompanyOfLead),
    # These only tell.
    *(AutomationRules, Chatter, LastMove, ClosingDate, Archiving, Assignment, Scoring, DisplayOrder),
    *(CompanyOfContact, ContactReach),
)
"""All of them. What Odoo does besides from its next version on is one module more, and its class here."""
