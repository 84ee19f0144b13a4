"""What a bureau keeps (登记簿): registers as dated histories, validated as a whole and read as of a day."""

from civaffairs.registers.fields import entry
from civaffairs.registers.history import EventRefused, Register
from civaffairs.registers.kinds import Event, RegisterKind, Step
from civaffairs.registers.storage import (
    Loaded,
    event_table,
    read_event_table,
    read_register,
    write_register,
    write_view,
)
from civaffairs.registers.validity import Findings, Severity, Unchecked, Validity, Violation, validity
from civaffairs.registers.view import Change, View

__all__ = [
    "Change",
    "Event",
    "EventRefused",
    "Findings",
    "Loaded",
    "Register",
    "RegisterKind",
    "Severity",
    "Step",
    "Unchecked",
    "Validity",
    "View",
    "Violation",
    "entry",
    "event_table",
    "read_event_table",
    "read_register",
    "validity",
    "write_register",
    "write_view",
]
