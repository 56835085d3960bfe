"""JUnit XML of every dialect: what a case, its children and its suite say."""
