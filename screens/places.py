"""Where one can go: the one table that navigation, palette and duties are sent through."""

from collections.abc import Mapping

PLACES: Mapping[str, str] = {
    "today": "screens.today:TodayScreen",
    "register": "screens.register:RegisterScreen",
    "grid": "screens.gridscreen:GridScreen",
    "pupils": "screens.pupils:PupilsScreen",
    "cases": "screens.cases:CasesScreen",
    "log": "screens.log:LogScreen",
    "pupil": "screens.pupil:PupilScreen",
    "call-list": "screens.callist:CallListScreen",
    "case": "screens.case:CaseScreen",
    "step": "screens.wizard:StepScreen",
    "removal": "screens.removal:RemovalScreen",
    "removals": "screens.removals:RemovalsScreen",
    "referral": "screens.referral:ReferralScreen",
    "referrals": "screens.referrals:ReferralsScreen",
    "handovers": "screens.handovers:HandoversScreen",
    "sender": "screens.sender:SenderScreen",
    "returns": "screens.returns:ReturnsScreen",
    "return": "screens.returns:ReturnScreen",
    "concerns": "screens.concerns:ConcernsScreen",
    "calendar": "screens.calendar:CalendarScreen",
    "retention": "screens.retention:RetentionScreen",
    "year": "screens.year:YearScreen",
    "numbers": "screens.numbers:NumbersScreen",
    "people": "screens.people:PeopleScreen",
    "print": "screens.printing:PrintScreen",
    "rules": "screens.rules:RulesScreen",
    "rule": "screens.rules:RuleScreen",
}
"""Name of a place to its module and class, imported when it is first opened. What places are about is given
by keyword:
`pupil=`, `case=`, `duty=`, `removal=`, `referral=`, `concern=` are ids; `class_=`, `session=`, `day=` (a
date), `step=`
(a wizard step's key), `rule=`. An area is told by its `visit(**args)`, any other place by its constructor."""
