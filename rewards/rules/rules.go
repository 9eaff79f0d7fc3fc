// Package rules holds what rewards are reckoned by, as data: an emission schedule, the length of an epoch, and the allotment rules of
// each epoch, versioned. Nobody's judgement enters after the file is fixed; governance votes on its hash.
//
// Invariant: the parts of a bucket sum to 10,000 basis points, every bound that keeps self-dealing at a loss is there, and a version
// of the rules that this program does not know is refused, so that no ledger is settled by other rules than its file says.
//
// docs/rewards.md specifies the file and what each number does.
package rules

import (
	"crypto/sha256"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/multiplier"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// Bps is a part of ten thousand.
type Bps uint64

// Whole is all of it.
const Whole Bps = 10_000

// Bucket is a pool of the emission. Their names are those of the schedule's pools.
type Bucket uint8

// The buckets.
const (
	Capital Bucket = iota
	Code
	Community
	Compute
	Protection
	Buckets // how many there are
)

// Part is a rule that shares a part of a bucket.
type Part uint8

// The parts.
const (
	Yields   Part = iota // capital: by yield of the asset, then by virtual deposit
	Works                // code: by the weights of accepted contributions
	Tools                // code: by what users of a tool burned
	Stakes               // community: by stake in builder subnets
	Fronts               // community: by what users of a subnet's front ends burned
	Receipts             // compute: by audited receipts
	Payouts              // protection: by vote
	Parts                // how many there are
)

// Rules is a file of rules.
type Rules struct {
	Name     string
	Hash     [sha256.Size]byte // SHA-256 of the file's bytes
	Schedule emission.Schedule // its pools are the buckets
	Start    emission.Time     // of epoch 0
	Length   emission.Seconds  // of an epoch
	First    usage.Epoch       // the first epoch that is settled; what was emitted before it is carried into it
	Versions []Version         // by From
}

// Version is the rules from one epoch on, until the next version's.
type Version struct {
	Number uint64 // of the semantics: 1
	From   usage.Epoch

	Shares [Parts]Bps // of each part in its bucket

	// Carry is over how many epochs what could not be allotted is spread: an epoch releases 1/Carry of it. Above zero.
	Carry uint64

	// Reporters are the only ones whose entries of a kind count. Entries of a kind without any are everybody's: of work and risk, where
	// maintainers speak for themselves. The others always have some.
	Reporters map[usage.Kind][]common.Address

	// Burned is what base fees that were burned on a chain count: wei of the token for each 1e18 wei of the chain's coin.
	// Chains that are not there count nothing.
	Burned map[uint64]uint256.Int

	Works    WorkRules
	Tools    UseRules
	Fronts   UseRules
	Stakes   StakeRules
	Receipts ReceiptRules
	Yields   YieldRules
}

// UseRules bound what use earns. An earner is paid at most Return of what its users burned, and at most Most of the part.
type UseRules struct {
	Return Bps // of tools and fronts together below Whole: whoever uses its own loses the rest
	Most   Bps
}

// WorkRules say whose contributions to the code weigh how much, and for how long.
type WorkRules struct {
	Maintainers []common.Address
	Quorum      uint64 // of maintainers other than the author, in one epoch
	Grace       uint64 // epochs between a quorum's "at risk" and the end of a weight
	Most        Bps    // of the part, for one author
	Classes     map[string]Class
}

// Class is a kind of contribution.
type Class struct {
	Most   uint256.Int // weight
	Epochs uint64      // for which it earns
}

// StakeRules are of builder subnets.
type StakeRules struct {
	Fee uint256.Int // of what stakers earn, in units of 1e-25, for the protection fund
}

// ReceiptRules are of providers.
type ReceiptRules struct {
	Return      Bps         // of the fees that count, which consumers burned: below Whole, so that whoever pays itself loses
	Bond        Bps         // of the provider's mean bond, each epoch
	LeastAudits uint64      // in the epoch
	LeastPassed Bps         // of the audits
	MostFee     Bps         // of what the tokens cost: as much of their fee counts, and no more
	MostIn      uint256.Int // wei per million tokens read that count
	MostOut     uint256.Int // and written
}

// YieldRules are of the capital pool.
type YieldRules struct {
	Assets map[common.Address]bool
	Most   uint256.Int // wei of the token for each 1e18 of yield's worth: below its price, so that a gift of yield loses
	Tiers  []multiplier.Tier
}
