package rules

var buckets = [Buckets]string{Capital: "capital", Code: "code", Community: "community", Compute: "compute", Protection: "protection"}

// String is the bucket's name, which is that of its pool in the schedule.
func (b Bucket) String() string {
	if b < Buckets {
		return buckets[b]
	}
	return "unknown"
}

var parts = [Parts]struct {
	name   string
	bucket Bucket
}{
	Yields:   {"yields", Capital},
	Works:    {"works", Code},
	Tools:    {"tools", Code},
	Stakes:   {"stakes", Community},
	Fronts:   {"fronts", Community},
	Receipts: {"receipts", Compute},
	Payouts:  {"payouts", Protection},
}

func (p Part) String() string {
	if p < Parts {
		return parts[p].name
	}
	return "unknown"
}

// Bucket is the one that the part is of. Of what is no part, that is Buckets.
func (p Part) Bucket() Bucket {
	if p < Parts {
		return parts[p].bucket
	}
	return Buckets
}
