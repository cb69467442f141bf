"""Realistic exports of an invented label, clean and stationary unless faults are asked for."""

from songpop.simulate.faults import Fault, parse_fault
from songpop.simulate.frames import simulate_weeks
from songpop.simulate.history import simulate

__all__ = ["Fault", "parse_fault", "simulate", "simulate_weeks"]
