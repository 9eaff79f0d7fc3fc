package contracts

// The contracts of src/key. docs/contracts.md says what each promises, and with which arguments it is deployed.
const (
	Key         Name = "Key"         // the token KEY, with its cap
	Emission    Name = "Emission"    // mints what five pools accrue, to the distributor
	Distributor Name = "Distributor" // pays cumulative claims against one root
	Subnets     Name = "Subnets"     // builder subnets: treasury and fee
	Stakes      Name = "Stakes"      // positions, locks and their power
	Governance  Name = "Governance"  // votes on the rules, proposers, windows, challenged roots and payouts

	CurveProbe      Name = "CurveProbe"      // the emission's formula for any curve; only tests use it
	ReenteringToken Name = "ReenteringToken" // calls back in the midst of a transfer; only tests use it
)

// Rewards lists the contracts that the rewards are paid by, in the order in which they are deployed.
func Rewards() []Name { return []Name{Key, Emission, Distributor, Subnets, Stakes, Governance} }

func probes() []Name { return []Name{CurveProbe, ReenteringToken} }
