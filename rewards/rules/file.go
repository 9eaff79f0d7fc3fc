package rules

// file is the form of a file of rules. Whatever is nil after decoding was not there, and everything must be. Amounts are decimal
// strings of wei, as no number of TOML holds them.
type file struct {
	Schema   *int64    `toml:"schema"` // 1
	Name     *string   `toml:"name"`
	Schedule *string   `toml:"schedule"` // "morpheus", or the text of a schedule's file
	Epoch    *int64    `toml:"epoch"`    // seconds
	First    *int64    `toml:"first"`    // epoch
	Rules    []version `toml:"rules"`
}

type version struct {
	Version   *int64              `toml:"version"` // 1
	From      *int64              `toml:"from"`    // epoch
	Carry     *int64              `toml:"carry"`   // epochs
	Shares    *shares             `toml:"shares"`
	Reporters map[string][]string `toml:"reporters"` // addresses by kind
	Burned    map[string]string   `toml:"burned"`    // wei by chain id
	Works     *works              `toml:"works"`
	Tools     *use                `toml:"tools"`
	Fronts    *use                `toml:"fronts"`
	Stakes    *stakes             `toml:"stakes"`
	Receipts  *receipts           `toml:"receipts"`
	Yields    *yields             `toml:"yields"`
}

// shares are basis points, by bucket and part. A test holds the keys to the names of both.
type shares struct {
	Capital *struct {
		Yields *int64 `toml:"yields"`
	} `toml:"capital"`
	Code *struct {
		Works *int64 `toml:"works"`
		Tools *int64 `toml:"tools"`
	} `toml:"code"`
	Community *struct {
		Stakes *int64 `toml:"stakes"`
		Fronts *int64 `toml:"fronts"`
	} `toml:"community"`
	Compute *struct {
		Receipts *int64 `toml:"receipts"`
	} `toml:"compute"`
	Protection *struct {
		Payouts *int64 `toml:"payouts"`
	} `toml:"protection"`
}

type works struct {
	Maintainers []string         `toml:"maintainers"`
	Quorum      *int64           `toml:"quorum"`
	Grace       *int64           `toml:"grace"` // epochs
	Most        *int64           `toml:"most"`  // basis points
	Classes     map[string]class `toml:"classes"`
}

type class struct {
	Most   *string `toml:"most"`   // weight
	Epochs *int64  `toml:"epochs"` // for which it earns
}

type use struct {
	Return *int64 `toml:"return"` // basis points
	Most   *int64 `toml:"most"`   // basis points
}

type stakes struct {
	Fee *string `toml:"fee"` // units of 1e-25
}

type receipts struct {
	Return      *int64  `toml:"return"` // basis points
	Bond        *int64  `toml:"bond"`   // basis points
	LeastAudits *int64  `toml:"least_audits"`
	LeastPassed *int64  `toml:"least_passed"` // basis points
	MostFee     *int64  `toml:"most_fee"`     // basis points
	MostIn      *string `toml:"most_in"`
	MostOut     *string `toml:"most_out"`
}

type yields struct {
	Assets []string `toml:"assets"`
	Most   *string  `toml:"most"`
	Tiers  []tier   `toml:"tiers"`
}

type tier struct {
	From  *string `toml:"from"`
	Bonus *string `toml:"bonus"` // units of 1e-25
}
