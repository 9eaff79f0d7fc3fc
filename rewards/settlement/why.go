package settlement

// Why says why an entry does not count. The zero Why is of those that do.
type Why uint8

// What is seen of an entry alone, and, from NoSubnet on, only when all of its epoch is there.
const (
	Counts       Why = iota
	Unlisted         // its reporter is not listed for its kind, or is not the maintainer whose opinion it tells
	Itself           // who pays is who earns: author and user, provider and consumer or auditor, author and maintainer, treasury and user
	NoRate           // the rules do not say what base fees of its chain are worth
	NoFee            // nothing was burned for the receipt
	NoMaintainer     // not one whom the rules list
	NoClass          // the rules have no such class of contributions
	NoAsset          // not an asset that the rules list
	TooMuch          // a worth of 2^192 or more, or a number that no ledger can hold
	NoSubnet         // the subnet has no entry in the epoch
	FewAudits        // the provider had fewer audits in the epoch than the rules ask for
	FailedAudits     // too many of the provider's audits failed
	NoQuorum         // too few maintainers said so in the epoch
	Stands           // the commit stands already
	Disputed         // a quorum for two authors or classes
	FundEmpty        // the protection fund did not hold it any more
	BelowTiers       // what the account referred is less than the lowest tier asks for
	whys
)

var whyText = [whys]string{
	Counts:       "counts",
	Unlisted:     "its reporter is not the maintainer, or not listed for this kind",
	Itself:       "who pays is who earns",
	NoRate:       "the rules give no rate for its chain",
	NoFee:        "no fee was burned",
	NoMaintainer: "not by a listed maintainer",
	NoClass:      "the rules have no such class",
	NoAsset:      "the rules do not list the asset",
	TooMuch:      "its worth is 2^192 or more",
	NoSubnet:     "the subnet has no entry in the epoch",
	FewAudits:    "the provider had too few audits in the epoch",
	FailedAudits: "the provider failed too many audits in the epoch",
	NoQuorum:     "too few maintainers said so in the epoch",
	Stands:       "the commit stands already",
	Disputed:     "a quorum said two authors or classes of the commit",
	FundEmpty:    "the fund did not hold that much",
	BelowTiers:   "what was referred is below the lowest tier",
}

func (w Why) String() string {
	if w < whys {
		return whyText[w]
	}
	return "unknown"
}
