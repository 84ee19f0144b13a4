"""Children whom civil affairs looks after (儿童福利): homes, guardianship, and the staff where they live."""
