"""Pure: which reminders are due, which are held and why, and the letters from template texts."""
