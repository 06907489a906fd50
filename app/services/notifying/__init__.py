"""What people are told: noticed in the product, sent by the channels they chose, each thing once."""
