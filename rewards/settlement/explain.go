package settlement

import (
	"context"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// Role is as what an account earned.
type Role uint8

// The roles.
const (
	Earner   Role = iota // whom the entry names as the one who earns
	Referrer             // of a deposit
	Treasury             // of a subnet, for the fee of its stakers
)

// Bound is what cut a share.
type Bound uint8

// The bounds. The zero Bound is of what was not cut.
const (
	Uncut  Bound = iota
	Return       // of what was burned
	Most         // of the part, for one earner; of yields, for the worth of the asset's yield
	Bond         // of the provider's mean bond
)

// Line is what one entry brought an account in an epoch, in wei, or why it brought nothing.
type Line struct {
	Epoch  usage.Epoch
	Part   rules.Part
	Role   Role
	ID     usage.ID // of a contribution, the lowest of the entries that had it accepted
	Kind   usage.Kind
	Ref    usage.Ref
	Weight uint256.Int // in the part's unit
	Total  uint256.Int // that the part's budget was divided by; of yields, the asset's part
	Bound  Bound       // what cut the account's share
	Wei    uint256.Int
	Why    Why // the entry does not count
}

// Explain says which entries of the ledger an account's claim comes from: the wei of all lines are the claim. Lines come by epoch,
// part, role and id. It checks as Settle does. The line is only valid during the call; an error of it ends Explain.
func Explain(ctx context.Context, ledger usage.Ledger, r *rules.Rules, epoch usage.Epoch, account common.Address, o Options,
	line func(*Line) error,
) error {
	return nil
}
