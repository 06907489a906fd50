"""Papers: Excel lists, PDF and Word documents. What people typed goes in as data and never as markup or formula."""
