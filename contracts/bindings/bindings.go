// Code generated via abigen V2 - DO NOT EDIT.
// This file is a generated binding and any manual changes will be lost.

//lint:file-ignore ST1005 the generator writes them so

package bindings

import (
	"bytes"
	"errors"
	"math/big"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/accounts/abi/bind/v2"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
)

// Reference imports to suppress errors if they are not otherwise used.
var (
	_ = bytes.Equal
	_ = errors.New
	_ = big.NewInt
	_ = common.Big1
	_ = types.BloomLookup
	_ = abi.ConvertType
)

// DistributorClaim is an auto generated low-level Go binding around an user-defined struct.
type DistributorClaim struct {
	Account    common.Address
	Cumulative *big.Int
	Proof      [][32]byte
}

// DistributorProposal is an auto generated low-level Go binding around an user-defined struct.
type DistributorProposal struct {
	Root           [32]byte
	LedgerRoot     [32]byte
	Total          *big.Int
	Bond           *big.Int
	AcceptFrom     uint64
	Proposer       common.Address
	Epoch          uint64
	State          uint8
	Challenger     common.Address
	ChallengeUntil uint64
}

// DistributorWindows is an auto generated low-level Go binding around an user-defined struct.
type DistributorWindows struct {
	Challenge uint64
	Timelock  uint64
	Bond      *big.Int
}

// GovernanceMotion is an auto generated low-level Go binding around an user-defined struct.
type GovernanceMotion struct {
	Kind         uint8
	Executed     bool
	Mover        common.Address
	Snapshot     uint64
	VoteUntil    uint64
	ExecuteFrom  uint64
	ExecuteUntil uint64
	A            *big.Int
	B            *big.Int
	C            *big.Int
	Yes          *big.Int
	No           *big.Int
	Needed       *big.Int
}

// DistributorMetaData contains all meta data concerning the Distributor contract.
var DistributorMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"internalType\":\"contractKey\",\"name\":\"key_\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"governance_\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"start_\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"epochLength_\",\"type\":\"uint64\"},{\"internalType\":\"address[]\",\"name\":\"proposers\",\"type\":\"address[]\"},{\"components\":[{\"internalType\":\"uint64\",\"name\":\"challenge\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"timelock\",\"type\":\"uint64\"},{\"internalType\":\"uint96\",\"name\":\"bond\",\"type\":\"uint96\"}],\"internalType\":\"structDistributor.Windows\",\"name\":\"w\",\"type\":\"tuple\"}],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"}],\"name\":\"EpochNotOver\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"next\",\"type\":\"uint64\"}],\"name\":\"EpochSettled\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"cumulative\",\"type\":\"uint256\"}],\"name\":\"InvalidProof\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"minted\",\"type\":\"uint256\"}],\"name\":\"MoreThanMinted\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"paid\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"total\",\"type\":\"uint256\"}],\"name\":\"MoreThanTotal\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"caller\",\"type\":\"address\"}],\"name\":\"NotGovernance\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"caller\",\"type\":\"address\"}],\"name\":\"NotProposer\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"name\":\"NotStale\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"claimed\",\"type\":\"uint256\"}],\"name\":\"NothingToClaim\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"name\":\"OnlyFirst\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"value\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"least\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"most\",\"type\":\"uint256\"}],\"name\":\"OutOfBounds\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"from\",\"type\":\"uint256\"}],\"name\":\"TooEarly\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"until\",\"type\":\"uint256\"}],\"name\":\"TooLate\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"proposed\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"accepted\",\"type\":\"uint256\"}],\"name\":\"TotalShrinks\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"name\":\"UnknownRoot\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"},{\"internalType\":\"enumDistributor.State\",\"name\":\"state\",\"type\":\"uint8\"}],\"name\":\"WrongState\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ZeroAddress\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ZeroLength\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ZeroRoot\",\"type\":\"error\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"cumulative\",\"type\":\"uint256\"}],\"name\":\"Claimed\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"proposer\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"bool\",\"name\":\"listed\",\"type\":\"bool\"}],\"name\":\"ProposerSet\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"},{\"indexed\":true,\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"indexed\":false,\"internalType\":\"bytes32\",\"name\":\"root\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"bytes32\",\"name\":\"ledgerRoot\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"total\",\"type\":\"uint256\"}],\"name\":\"RootAccepted\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"challenger\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"bond\",\"type\":\"uint256\"}],\"name\":\"RootChallenged\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"name\":\"RootDropped\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"name\":\"RootLapsed\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"},{\"indexed\":true,\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"proposer\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"bytes32\",\"name\":\"root\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"bytes32\",\"name\":\"ledgerRoot\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"total\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"bond\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"challengeUntil\",\"type\":\"uint64\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"acceptFrom\",\"type\":\"uint64\"}],\"name\":\"RootProposed\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"name\":\"RootRetired\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"name\":\"RootUpheld\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"challenge\",\"type\":\"uint64\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"timelock\",\"type\":\"uint64\"},{\"indexed\":false,\"internalType\":\"uint96\",\"name\":\"bond\",\"type\":\"uint96\"}],\"name\":\"WindowsSet\",\"type\":\"event\"},{\"inputs\":[],\"name\":\"DECISION\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"LEAST_BOND\",\"outputs\":[{\"internalType\":\"uint96\",\"name\":\"\",\"type\":\"uint96\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"LEAST_CHALLENGE\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"LEAST_TIMELOCK\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"MOST_BOND\",\"outputs\":[{\"internalType\":\"uint96\",\"name\":\"\",\"type\":\"uint96\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"MOST_CHALLENGE\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"MOST_TIMELOCK\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"name\":\"accept\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"bonded\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"name\":\"challenge\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"uint64\",\"name\":\"challenge\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"timelock\",\"type\":\"uint64\"},{\"internalType\":\"uint96\",\"name\":\"bond\",\"type\":\"uint96\"}],\"internalType\":\"structDistributor.Windows\",\"name\":\"w\",\"type\":\"tuple\"}],\"name\":\"checkWindows\",\"outputs\":[],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"cumulative\",\"type\":\"uint256\"},{\"internalType\":\"bytes32[]\",\"name\":\"proof\",\"type\":\"bytes32[]\"}],\"name\":\"claim\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"cumulative\",\"type\":\"uint256\"},{\"internalType\":\"bytes32[]\",\"name\":\"proof\",\"type\":\"bytes32[]\"}],\"internalType\":\"structDistributor.Claim[]\",\"name\":\"claims\",\"type\":\"tuple[]\"}],\"name\":\"claimMany\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"}],\"name\":\"claimed\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"currentEpoch\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"},{\"internalType\":\"bool\",\"name\":\"uphold\",\"type\":\"bool\"}],\"name\":\"decide\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"epochLength\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"governance\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"}],\"name\":\"isProposer\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"key\",\"outputs\":[{\"internalType\":\"contractKey\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"name\":\"lapse\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"ledgerRoot\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"nextEpoch\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"paid\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"name\":\"proposal\",\"outputs\":[{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"root\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"ledgerRoot\",\"type\":\"bytes32\"},{\"internalType\":\"uint96\",\"name\":\"total\",\"type\":\"uint96\"},{\"internalType\":\"uint96\",\"name\":\"bond\",\"type\":\"uint96\"},{\"internalType\":\"uint64\",\"name\":\"acceptFrom\",\"type\":\"uint64\"},{\"internalType\":\"address\",\"name\":\"proposer\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"enumDistributor.State\",\"name\":\"state\",\"type\":\"uint8\"},{\"internalType\":\"address\",\"name\":\"challenger\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"challengeUntil\",\"type\":\"uint64\"}],\"internalType\":\"structDistributor.Proposal\",\"name\":\"\",\"type\":\"tuple\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"proposalCount\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"root_\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"ledgerRoot_\",\"type\":\"bytes32\"},{\"internalType\":\"uint256\",\"name\":\"total_\",\"type\":\"uint256\"}],\"name\":\"propose\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"name\":\"retire\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"root\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"proposer\",\"type\":\"address\"},{\"internalType\":\"bool\",\"name\":\"listed\",\"type\":\"bool\"}],\"name\":\"setProposer\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"uint64\",\"name\":\"challenge\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"timelock\",\"type\":\"uint64\"},{\"internalType\":\"uint96\",\"name\":\"bond\",\"type\":\"uint96\"}],\"internalType\":\"structDistributor.Windows\",\"name\":\"w\",\"type\":\"tuple\"}],\"name\":\"setWindows\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"start\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"total\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"windows\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"challenge\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"timelock\",\"type\":\"uint64\"},{\"internalType\":\"uint96\",\"name\":\"bond\",\"type\":\"uint96\"}],\"stateMutability\":\"view\",\"type\":\"function\"}]",
	ID:  "Distributor",
}

// Distributor is an auto generated Go binding around an Ethereum contract.
type Distributor struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *Distributor) GetABI() abi.ABI {
	return c.abi
}

// NewDistributor creates a new instance of Distributor.
func NewDistributor() *Distributor {
	parsed, err := DistributorMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &Distributor{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *Distributor) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackConstructor is the Go binding used to pack the parameters required for
// contract deployment.
//
// Solidity: constructor(address key_, address governance_, uint64 start_, uint64 epochLength_, address[] proposers, (uint64,uint64,uint96) w) returns()
func (distributor *Distributor) PackConstructor(key_ common.Address, governance_ common.Address, start_ uint64, epochLength_ uint64, proposers []common.Address, w DistributorWindows) []byte {
	enc, err := distributor.abi.Pack("", key_, governance_, start_, epochLength_, proposers, w)
	if err != nil {
		panic(err)
	}
	return enc
}

// PackDECISION is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x36c1df2e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function DECISION() view returns(uint64)
func (distributor *Distributor) PackDECISION() []byte {
	enc, err := distributor.abi.Pack("DECISION")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDECISION is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x36c1df2e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function DECISION() view returns(uint64)
func (distributor *Distributor) TryPackDECISION() ([]byte, error) {
	return distributor.abi.Pack("DECISION")
}

// UnpackDECISION is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x36c1df2e.
//
// Solidity: function DECISION() view returns(uint64)
func (distributor *Distributor) UnpackDECISION(data []byte) (uint64, error) {
	out, err := distributor.abi.Unpack("DECISION", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackLEASTBOND is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x9934aad3.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function LEAST_BOND() view returns(uint96)
func (distributor *Distributor) PackLEASTBOND() []byte {
	enc, err := distributor.abi.Pack("LEAST_BOND")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackLEASTBOND is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x9934aad3.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function LEAST_BOND() view returns(uint96)
func (distributor *Distributor) TryPackLEASTBOND() ([]byte, error) {
	return distributor.abi.Pack("LEAST_BOND")
}

// UnpackLEASTBOND is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x9934aad3.
//
// Solidity: function LEAST_BOND() view returns(uint96)
func (distributor *Distributor) UnpackLEASTBOND(data []byte) (*big.Int, error) {
	out, err := distributor.abi.Unpack("LEAST_BOND", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackLEASTCHALLENGE is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x5f92c25d.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function LEAST_CHALLENGE() view returns(uint64)
func (distributor *Distributor) PackLEASTCHALLENGE() []byte {
	enc, err := distributor.abi.Pack("LEAST_CHALLENGE")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackLEASTCHALLENGE is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x5f92c25d.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function LEAST_CHALLENGE() view returns(uint64)
func (distributor *Distributor) TryPackLEASTCHALLENGE() ([]byte, error) {
	return distributor.abi.Pack("LEAST_CHALLENGE")
}

// UnpackLEASTCHALLENGE is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x5f92c25d.
//
// Solidity: function LEAST_CHALLENGE() view returns(uint64)
func (distributor *Distributor) UnpackLEASTCHALLENGE(data []byte) (uint64, error) {
	out, err := distributor.abi.Unpack("LEAST_CHALLENGE", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackLEASTTIMELOCK is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3d53b9da.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function LEAST_TIMELOCK() view returns(uint64)
func (distributor *Distributor) PackLEASTTIMELOCK() []byte {
	enc, err := distributor.abi.Pack("LEAST_TIMELOCK")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackLEASTTIMELOCK is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3d53b9da.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function LEAST_TIMELOCK() view returns(uint64)
func (distributor *Distributor) TryPackLEASTTIMELOCK() ([]byte, error) {
	return distributor.abi.Pack("LEAST_TIMELOCK")
}

// UnpackLEASTTIMELOCK is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x3d53b9da.
//
// Solidity: function LEAST_TIMELOCK() view returns(uint64)
func (distributor *Distributor) UnpackLEASTTIMELOCK(data []byte) (uint64, error) {
	out, err := distributor.abi.Unpack("LEAST_TIMELOCK", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackMOSTBOND is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x22d33207.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function MOST_BOND() view returns(uint96)
func (distributor *Distributor) PackMOSTBOND() []byte {
	enc, err := distributor.abi.Pack("MOST_BOND")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMOSTBOND is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x22d33207.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function MOST_BOND() view returns(uint96)
func (distributor *Distributor) TryPackMOSTBOND() ([]byte, error) {
	return distributor.abi.Pack("MOST_BOND")
}

// UnpackMOSTBOND is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x22d33207.
//
// Solidity: function MOST_BOND() view returns(uint96)
func (distributor *Distributor) UnpackMOSTBOND(data []byte) (*big.Int, error) {
	out, err := distributor.abi.Unpack("MOST_BOND", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackMOSTCHALLENGE is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x32192d7e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function MOST_CHALLENGE() view returns(uint64)
func (distributor *Distributor) PackMOSTCHALLENGE() []byte {
	enc, err := distributor.abi.Pack("MOST_CHALLENGE")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMOSTCHALLENGE is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x32192d7e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function MOST_CHALLENGE() view returns(uint64)
func (distributor *Distributor) TryPackMOSTCHALLENGE() ([]byte, error) {
	return distributor.abi.Pack("MOST_CHALLENGE")
}

// UnpackMOSTCHALLENGE is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x32192d7e.
//
// Solidity: function MOST_CHALLENGE() view returns(uint64)
func (distributor *Distributor) UnpackMOSTCHALLENGE(data []byte) (uint64, error) {
	out, err := distributor.abi.Unpack("MOST_CHALLENGE", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackMOSTTIMELOCK is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x37c5e3a2.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function MOST_TIMELOCK() view returns(uint64)
func (distributor *Distributor) PackMOSTTIMELOCK() []byte {
	enc, err := distributor.abi.Pack("MOST_TIMELOCK")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMOSTTIMELOCK is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x37c5e3a2.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function MOST_TIMELOCK() view returns(uint64)
func (distributor *Distributor) TryPackMOSTTIMELOCK() ([]byte, error) {
	return distributor.abi.Pack("MOST_TIMELOCK")
}

// UnpackMOSTTIMELOCK is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x37c5e3a2.
//
// Solidity: function MOST_TIMELOCK() view returns(uint64)
func (distributor *Distributor) UnpackMOSTTIMELOCK(data []byte) (uint64, error) {
	out, err := distributor.abi.Unpack("MOST_TIMELOCK", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackAccept is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x19b05f49.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function accept(uint256 id) returns()
func (distributor *Distributor) PackAccept(id *big.Int) []byte {
	enc, err := distributor.abi.Pack("accept", id)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackAccept is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x19b05f49.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function accept(uint256 id) returns()
func (distributor *Distributor) TryPackAccept(id *big.Int) ([]byte, error) {
	return distributor.abi.Pack("accept", id)
}

// PackBonded is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe88dc357.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function bonded() view returns(uint256)
func (distributor *Distributor) PackBonded() []byte {
	enc, err := distributor.abi.Pack("bonded")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackBonded is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe88dc357.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function bonded() view returns(uint256)
func (distributor *Distributor) TryPackBonded() ([]byte, error) {
	return distributor.abi.Pack("bonded")
}

// UnpackBonded is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xe88dc357.
//
// Solidity: function bonded() view returns(uint256)
func (distributor *Distributor) UnpackBonded(data []byte) (*big.Int, error) {
	out, err := distributor.abi.Unpack("bonded", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackChallenge is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xab82d9a0.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function challenge(uint256 id) returns()
func (distributor *Distributor) PackChallenge(id *big.Int) []byte {
	enc, err := distributor.abi.Pack("challenge", id)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackChallenge is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xab82d9a0.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function challenge(uint256 id) returns()
func (distributor *Distributor) TryPackChallenge(id *big.Int) ([]byte, error) {
	return distributor.abi.Pack("challenge", id)
}

// PackCheckWindows is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7382cea2.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function checkWindows((uint64,uint64,uint96) w) pure returns()
func (distributor *Distributor) PackCheckWindows(w DistributorWindows) []byte {
	enc, err := distributor.abi.Pack("checkWindows", w)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCheckWindows is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7382cea2.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function checkWindows((uint64,uint64,uint96) w) pure returns()
func (distributor *Distributor) TryPackCheckWindows(w DistributorWindows) ([]byte, error) {
	return distributor.abi.Pack("checkWindows", w)
}

// PackClaim is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3d13f874.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function claim(address account, uint256 cumulative, bytes32[] proof) returns(uint256 amount)
func (distributor *Distributor) PackClaim(account common.Address, cumulative *big.Int, proof [][32]byte) []byte {
	enc, err := distributor.abi.Pack("claim", account, cumulative, proof)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackClaim is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3d13f874.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function claim(address account, uint256 cumulative, bytes32[] proof) returns(uint256 amount)
func (distributor *Distributor) TryPackClaim(account common.Address, cumulative *big.Int, proof [][32]byte) ([]byte, error) {
	return distributor.abi.Pack("claim", account, cumulative, proof)
}

// UnpackClaim is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x3d13f874.
//
// Solidity: function claim(address account, uint256 cumulative, bytes32[] proof) returns(uint256 amount)
func (distributor *Distributor) UnpackClaim(data []byte) (*big.Int, error) {
	out, err := distributor.abi.Unpack("claim", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackClaimMany is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x5210c364.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function claimMany((address,uint256,bytes32[])[] claims) returns(uint256 amount)
func (distributor *Distributor) PackClaimMany(claims []DistributorClaim) []byte {
	enc, err := distributor.abi.Pack("claimMany", claims)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackClaimMany is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x5210c364.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function claimMany((address,uint256,bytes32[])[] claims) returns(uint256 amount)
func (distributor *Distributor) TryPackClaimMany(claims []DistributorClaim) ([]byte, error) {
	return distributor.abi.Pack("claimMany", claims)
}

// UnpackClaimMany is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x5210c364.
//
// Solidity: function claimMany((address,uint256,bytes32[])[] claims) returns(uint256 amount)
func (distributor *Distributor) UnpackClaimMany(data []byte) (*big.Int, error) {
	out, err := distributor.abi.Unpack("claimMany", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackClaimed is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc884ef83.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function claimed(address account) view returns(uint256)
func (distributor *Distributor) PackClaimed(account common.Address) []byte {
	enc, err := distributor.abi.Pack("claimed", account)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackClaimed is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc884ef83.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function claimed(address account) view returns(uint256)
func (distributor *Distributor) TryPackClaimed(account common.Address) ([]byte, error) {
	return distributor.abi.Pack("claimed", account)
}

// UnpackClaimed is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xc884ef83.
//
// Solidity: function claimed(address account) view returns(uint256)
func (distributor *Distributor) UnpackClaimed(data []byte) (*big.Int, error) {
	out, err := distributor.abi.Unpack("claimed", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackCurrentEpoch is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x76671808.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function currentEpoch() view returns(uint64)
func (distributor *Distributor) PackCurrentEpoch() []byte {
	enc, err := distributor.abi.Pack("currentEpoch")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCurrentEpoch is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x76671808.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function currentEpoch() view returns(uint64)
func (distributor *Distributor) TryPackCurrentEpoch() ([]byte, error) {
	return distributor.abi.Pack("currentEpoch")
}

// UnpackCurrentEpoch is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x76671808.
//
// Solidity: function currentEpoch() view returns(uint64)
func (distributor *Distributor) UnpackCurrentEpoch(data []byte) (uint64, error) {
	out, err := distributor.abi.Unpack("currentEpoch", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackDecide is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x224f3d1a.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function decide(uint256 id, bool uphold) returns()
func (distributor *Distributor) PackDecide(id *big.Int, uphold bool) []byte {
	enc, err := distributor.abi.Pack("decide", id, uphold)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDecide is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x224f3d1a.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function decide(uint256 id, bool uphold) returns()
func (distributor *Distributor) TryPackDecide(id *big.Int, uphold bool) ([]byte, error) {
	return distributor.abi.Pack("decide", id, uphold)
}

// PackEpochLength is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x57d775f8.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function epochLength() view returns(uint64)
func (distributor *Distributor) PackEpochLength() []byte {
	enc, err := distributor.abi.Pack("epochLength")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackEpochLength is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x57d775f8.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function epochLength() view returns(uint64)
func (distributor *Distributor) TryPackEpochLength() ([]byte, error) {
	return distributor.abi.Pack("epochLength")
}

// UnpackEpochLength is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x57d775f8.
//
// Solidity: function epochLength() view returns(uint64)
func (distributor *Distributor) UnpackEpochLength(data []byte) (uint64, error) {
	out, err := distributor.abi.Unpack("epochLength", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackGovernance is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x5aa6e675.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function governance() view returns(address)
func (distributor *Distributor) PackGovernance() []byte {
	enc, err := distributor.abi.Pack("governance")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackGovernance is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x5aa6e675.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function governance() view returns(address)
func (distributor *Distributor) TryPackGovernance() ([]byte, error) {
	return distributor.abi.Pack("governance")
}

// UnpackGovernance is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x5aa6e675.
//
// Solidity: function governance() view returns(address)
func (distributor *Distributor) UnpackGovernance(data []byte) (common.Address, error) {
	out, err := distributor.abi.Unpack("governance", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackIsProposer is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x74ec29a0.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function isProposer(address account) view returns(bool)
func (distributor *Distributor) PackIsProposer(account common.Address) []byte {
	enc, err := distributor.abi.Pack("isProposer", account)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackIsProposer is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x74ec29a0.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function isProposer(address account) view returns(bool)
func (distributor *Distributor) TryPackIsProposer(account common.Address) ([]byte, error) {
	return distributor.abi.Pack("isProposer", account)
}

// UnpackIsProposer is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x74ec29a0.
//
// Solidity: function isProposer(address account) view returns(bool)
func (distributor *Distributor) UnpackIsProposer(data []byte) (bool, error) {
	out, err := distributor.abi.Unpack("isProposer", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackKey is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3943380c.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function key() view returns(address)
func (distributor *Distributor) PackKey() []byte {
	enc, err := distributor.abi.Pack("key")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackKey is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3943380c.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function key() view returns(address)
func (distributor *Distributor) TryPackKey() ([]byte, error) {
	return distributor.abi.Pack("key")
}

// UnpackKey is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x3943380c.
//
// Solidity: function key() view returns(address)
func (distributor *Distributor) UnpackKey(data []byte) (common.Address, error) {
	out, err := distributor.abi.Unpack("key", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackLapse is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdd91d923.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function lapse(uint256 id) returns()
func (distributor *Distributor) PackLapse(id *big.Int) []byte {
	enc, err := distributor.abi.Pack("lapse", id)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackLapse is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdd91d923.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function lapse(uint256 id) returns()
func (distributor *Distributor) TryPackLapse(id *big.Int) ([]byte, error) {
	return distributor.abi.Pack("lapse", id)
}

// PackLedgerRoot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8dd4e8c5.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function ledgerRoot() view returns(bytes32)
func (distributor *Distributor) PackLedgerRoot() []byte {
	enc, err := distributor.abi.Pack("ledgerRoot")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackLedgerRoot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8dd4e8c5.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function ledgerRoot() view returns(bytes32)
func (distributor *Distributor) TryPackLedgerRoot() ([]byte, error) {
	return distributor.abi.Pack("ledgerRoot")
}

// UnpackLedgerRoot is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x8dd4e8c5.
//
// Solidity: function ledgerRoot() view returns(bytes32)
func (distributor *Distributor) UnpackLedgerRoot(data []byte) ([32]byte, error) {
	out, err := distributor.abi.Unpack("ledgerRoot", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackNextEpoch is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xaea0e78b.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function nextEpoch() view returns(uint64)
func (distributor *Distributor) PackNextEpoch() []byte {
	enc, err := distributor.abi.Pack("nextEpoch")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackNextEpoch is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xaea0e78b.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function nextEpoch() view returns(uint64)
func (distributor *Distributor) TryPackNextEpoch() ([]byte, error) {
	return distributor.abi.Pack("nextEpoch")
}

// UnpackNextEpoch is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xaea0e78b.
//
// Solidity: function nextEpoch() view returns(uint64)
func (distributor *Distributor) UnpackNextEpoch(data []byte) (uint64, error) {
	out, err := distributor.abi.Unpack("nextEpoch", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackPaid is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x295b4e17.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function paid() view returns(uint256)
func (distributor *Distributor) PackPaid() []byte {
	enc, err := distributor.abi.Pack("paid")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPaid is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x295b4e17.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function paid() view returns(uint256)
func (distributor *Distributor) TryPackPaid() ([]byte, error) {
	return distributor.abi.Pack("paid")
}

// UnpackPaid is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x295b4e17.
//
// Solidity: function paid() view returns(uint256)
func (distributor *Distributor) UnpackPaid(data []byte) (*big.Int, error) {
	out, err := distributor.abi.Unpack("paid", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackProposal is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x30326c17.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function proposal(uint256 id) view returns((bytes32,bytes32,uint96,uint96,uint64,address,uint64,uint8,address,uint64))
func (distributor *Distributor) PackProposal(id *big.Int) []byte {
	enc, err := distributor.abi.Pack("proposal", id)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackProposal is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x30326c17.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function proposal(uint256 id) view returns((bytes32,bytes32,uint96,uint96,uint64,address,uint64,uint8,address,uint64))
func (distributor *Distributor) TryPackProposal(id *big.Int) ([]byte, error) {
	return distributor.abi.Pack("proposal", id)
}

// UnpackProposal is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x30326c17.
//
// Solidity: function proposal(uint256 id) view returns((bytes32,bytes32,uint96,uint96,uint64,address,uint64,uint8,address,uint64))
func (distributor *Distributor) UnpackProposal(data []byte) (DistributorProposal, error) {
	out, err := distributor.abi.Unpack("proposal", data)
	if err != nil {
		return *new(DistributorProposal), err
	}
	out0 := *abi.ConvertType(out[0], new(DistributorProposal)).(*DistributorProposal)
	return out0, nil
}

// PackProposalCount is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xda35c664.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function proposalCount() view returns(uint256)
func (distributor *Distributor) PackProposalCount() []byte {
	enc, err := distributor.abi.Pack("proposalCount")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackProposalCount is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xda35c664.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function proposalCount() view returns(uint256)
func (distributor *Distributor) TryPackProposalCount() ([]byte, error) {
	return distributor.abi.Pack("proposalCount")
}

// UnpackProposalCount is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xda35c664.
//
// Solidity: function proposalCount() view returns(uint256)
func (distributor *Distributor) UnpackProposalCount(data []byte) (*big.Int, error) {
	out, err := distributor.abi.Unpack("proposalCount", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackPropose is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x74e7f235.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function propose(uint64 epoch, bytes32 root_, bytes32 ledgerRoot_, uint256 total_) returns(uint256 id)
func (distributor *Distributor) PackPropose(epoch uint64, root [32]byte, ledgerRoot [32]byte, total *big.Int) []byte {
	enc, err := distributor.abi.Pack("propose", epoch, root, ledgerRoot, total)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPropose is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x74e7f235.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function propose(uint64 epoch, bytes32 root_, bytes32 ledgerRoot_, uint256 total_) returns(uint256 id)
func (distributor *Distributor) TryPackPropose(epoch uint64, root [32]byte, ledgerRoot [32]byte, total *big.Int) ([]byte, error) {
	return distributor.abi.Pack("propose", epoch, root, ledgerRoot, total)
}

// UnpackPropose is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x74e7f235.
//
// Solidity: function propose(uint64 epoch, bytes32 root_, bytes32 ledgerRoot_, uint256 total_) returns(uint256 id)
func (distributor *Distributor) UnpackPropose(data []byte) (*big.Int, error) {
	out, err := distributor.abi.Unpack("propose", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackRetire is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3790cf57.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function retire(uint256 id) returns()
func (distributor *Distributor) PackRetire(id *big.Int) []byte {
	enc, err := distributor.abi.Pack("retire", id)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRetire is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3790cf57.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function retire(uint256 id) returns()
func (distributor *Distributor) TryPackRetire(id *big.Int) ([]byte, error) {
	return distributor.abi.Pack("retire", id)
}

// PackRoot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xebf0c717.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function root() view returns(bytes32)
func (distributor *Distributor) PackRoot() []byte {
	enc, err := distributor.abi.Pack("root")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRoot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xebf0c717.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function root() view returns(bytes32)
func (distributor *Distributor) TryPackRoot() ([]byte, error) {
	return distributor.abi.Pack("root")
}

// UnpackRoot is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xebf0c717.
//
// Solidity: function root() view returns(bytes32)
func (distributor *Distributor) UnpackRoot(data []byte) ([32]byte, error) {
	out, err := distributor.abi.Unpack("root", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackSetProposer is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe9ed9b64.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function setProposer(address proposer, bool listed) returns()
func (distributor *Distributor) PackSetProposer(proposer common.Address, listed bool) []byte {
	enc, err := distributor.abi.Pack("setProposer", proposer, listed)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSetProposer is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe9ed9b64.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function setProposer(address proposer, bool listed) returns()
func (distributor *Distributor) TryPackSetProposer(proposer common.Address, listed bool) ([]byte, error) {
	return distributor.abi.Pack("setProposer", proposer, listed)
}

// PackSetWindows is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb9955c2f.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function setWindows((uint64,uint64,uint96) w) returns()
func (distributor *Distributor) PackSetWindows(w DistributorWindows) []byte {
	enc, err := distributor.abi.Pack("setWindows", w)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSetWindows is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb9955c2f.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function setWindows((uint64,uint64,uint96) w) returns()
func (distributor *Distributor) TryPackSetWindows(w DistributorWindows) ([]byte, error) {
	return distributor.abi.Pack("setWindows", w)
}

// PackStart is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xbe9a6555.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function start() view returns(uint64)
func (distributor *Distributor) PackStart() []byte {
	enc, err := distributor.abi.Pack("start")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackStart is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xbe9a6555.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function start() view returns(uint64)
func (distributor *Distributor) TryPackStart() ([]byte, error) {
	return distributor.abi.Pack("start")
}

// UnpackStart is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xbe9a6555.
//
// Solidity: function start() view returns(uint64)
func (distributor *Distributor) UnpackStart(data []byte) (uint64, error) {
	out, err := distributor.abi.Unpack("start", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackTotal is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x2ddbd13a.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function total() view returns(uint256)
func (distributor *Distributor) PackTotal() []byte {
	enc, err := distributor.abi.Pack("total")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTotal is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x2ddbd13a.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function total() view returns(uint256)
func (distributor *Distributor) TryPackTotal() ([]byte, error) {
	return distributor.abi.Pack("total")
}

// UnpackTotal is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x2ddbd13a.
//
// Solidity: function total() view returns(uint256)
func (distributor *Distributor) UnpackTotal(data []byte) (*big.Int, error) {
	out, err := distributor.abi.Unpack("total", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackWindows is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x2713f36e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function windows() view returns(uint64 challenge, uint64 timelock, uint96 bond)
func (distributor *Distributor) PackWindows() []byte {
	enc, err := distributor.abi.Pack("windows")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackWindows is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x2713f36e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function windows() view returns(uint64 challenge, uint64 timelock, uint96 bond)
func (distributor *Distributor) TryPackWindows() ([]byte, error) {
	return distributor.abi.Pack("windows")
}

// WindowsOutput serves as a container for the return parameters of contract
// method Windows.
type WindowsOutput struct {
	Challenge uint64
	Timelock  uint64
	Bond      *big.Int
}

// UnpackWindows is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x2713f36e.
//
// Solidity: function windows() view returns(uint64 challenge, uint64 timelock, uint96 bond)
func (distributor *Distributor) UnpackWindows(data []byte) (WindowsOutput, error) {
	out, err := distributor.abi.Unpack("windows", data)
	outstruct := new(WindowsOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Challenge = *abi.ConvertType(out[0], new(uint64)).(*uint64)
	outstruct.Timelock = *abi.ConvertType(out[1], new(uint64)).(*uint64)
	outstruct.Bond = abi.ConvertType(out[2], new(big.Int)).(*big.Int)
	return *outstruct, nil
}

// DistributorClaimed represents a Claimed event raised by the Distributor contract.
type DistributorClaimed struct {
	Account    common.Address
	Amount     *big.Int
	Cumulative *big.Int
	Raw        *types.Log // Blockchain specific contextual infos
}

const DistributorClaimedEventName = "Claimed"

// ContractEventName returns the user-defined event name.
func (DistributorClaimed) ContractEventName() string {
	return DistributorClaimedEventName
}

// UnpackClaimedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Claimed(address indexed account, uint256 amount, uint256 cumulative)
func (distributor *Distributor) UnpackClaimedEvent(log *types.Log) (*DistributorClaimed, error) {
	event := "Claimed"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != distributor.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(DistributorClaimed)
	if len(log.Data) > 0 {
		if err := distributor.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range distributor.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// DistributorProposerSet represents a ProposerSet event raised by the Distributor contract.
type DistributorProposerSet struct {
	Proposer common.Address
	Listed   bool
	Raw      *types.Log // Blockchain specific contextual infos
}

const DistributorProposerSetEventName = "ProposerSet"

// ContractEventName returns the user-defined event name.
func (DistributorProposerSet) ContractEventName() string {
	return DistributorProposerSetEventName
}

// UnpackProposerSetEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event ProposerSet(address indexed proposer, bool listed)
func (distributor *Distributor) UnpackProposerSetEvent(log *types.Log) (*DistributorProposerSet, error) {
	event := "ProposerSet"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != distributor.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(DistributorProposerSet)
	if len(log.Data) > 0 {
		if err := distributor.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range distributor.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// DistributorRootAccepted represents a RootAccepted event raised by the Distributor contract.
type DistributorRootAccepted struct {
	Id         *big.Int
	Epoch      uint64
	Root       [32]byte
	LedgerRoot [32]byte
	Total      *big.Int
	Raw        *types.Log // Blockchain specific contextual infos
}

const DistributorRootAcceptedEventName = "RootAccepted"

// ContractEventName returns the user-defined event name.
func (DistributorRootAccepted) ContractEventName() string {
	return DistributorRootAcceptedEventName
}

// UnpackRootAcceptedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event RootAccepted(uint256 indexed id, uint64 indexed epoch, bytes32 root, bytes32 ledgerRoot, uint256 total)
func (distributor *Distributor) UnpackRootAcceptedEvent(log *types.Log) (*DistributorRootAccepted, error) {
	event := "RootAccepted"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != distributor.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(DistributorRootAccepted)
	if len(log.Data) > 0 {
		if err := distributor.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range distributor.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// DistributorRootChallenged represents a RootChallenged event raised by the Distributor contract.
type DistributorRootChallenged struct {
	Id         *big.Int
	Challenger common.Address
	Bond       *big.Int
	Raw        *types.Log // Blockchain specific contextual infos
}

const DistributorRootChallengedEventName = "RootChallenged"

// ContractEventName returns the user-defined event name.
func (DistributorRootChallenged) ContractEventName() string {
	return DistributorRootChallengedEventName
}

// UnpackRootChallengedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event RootChallenged(uint256 indexed id, address indexed challenger, uint256 bond)
func (distributor *Distributor) UnpackRootChallengedEvent(log *types.Log) (*DistributorRootChallenged, error) {
	event := "RootChallenged"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != distributor.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(DistributorRootChallenged)
	if len(log.Data) > 0 {
		if err := distributor.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range distributor.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// DistributorRootDropped represents a RootDropped event raised by the Distributor contract.
type DistributorRootDropped struct {
	Id  *big.Int
	Raw *types.Log // Blockchain specific contextual infos
}

const DistributorRootDroppedEventName = "RootDropped"

// ContractEventName returns the user-defined event name.
func (DistributorRootDropped) ContractEventName() string {
	return DistributorRootDroppedEventName
}

// UnpackRootDroppedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event RootDropped(uint256 indexed id)
func (distributor *Distributor) UnpackRootDroppedEvent(log *types.Log) (*DistributorRootDropped, error) {
	event := "RootDropped"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != distributor.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(DistributorRootDropped)
	if len(log.Data) > 0 {
		if err := distributor.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range distributor.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// DistributorRootLapsed represents a RootLapsed event raised by the Distributor contract.
type DistributorRootLapsed struct {
	Id  *big.Int
	Raw *types.Log // Blockchain specific contextual infos
}

const DistributorRootLapsedEventName = "RootLapsed"

// ContractEventName returns the user-defined event name.
func (DistributorRootLapsed) ContractEventName() string {
	return DistributorRootLapsedEventName
}

// UnpackRootLapsedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event RootLapsed(uint256 indexed id)
func (distributor *Distributor) UnpackRootLapsedEvent(log *types.Log) (*DistributorRootLapsed, error) {
	event := "RootLapsed"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != distributor.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(DistributorRootLapsed)
	if len(log.Data) > 0 {
		if err := distributor.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range distributor.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// DistributorRootProposed represents a RootProposed event raised by the Distributor contract.
type DistributorRootProposed struct {
	Id             *big.Int
	Epoch          uint64
	Proposer       common.Address
	Root           [32]byte
	LedgerRoot     [32]byte
	Total          *big.Int
	Bond           *big.Int
	ChallengeUntil uint64
	AcceptFrom     uint64
	Raw            *types.Log // Blockchain specific contextual infos
}

const DistributorRootProposedEventName = "RootProposed"

// ContractEventName returns the user-defined event name.
func (DistributorRootProposed) ContractEventName() string {
	return DistributorRootProposedEventName
}

// UnpackRootProposedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event RootProposed(uint256 indexed id, uint64 indexed epoch, address indexed proposer, bytes32 root, bytes32 ledgerRoot, uint256 total, uint256 bond, uint64 challengeUntil, uint64 acceptFrom)
func (distributor *Distributor) UnpackRootProposedEvent(log *types.Log) (*DistributorRootProposed, error) {
	event := "RootProposed"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != distributor.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(DistributorRootProposed)
	if len(log.Data) > 0 {
		if err := distributor.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range distributor.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// DistributorRootRetired represents a RootRetired event raised by the Distributor contract.
type DistributorRootRetired struct {
	Id  *big.Int
	Raw *types.Log // Blockchain specific contextual infos
}

const DistributorRootRetiredEventName = "RootRetired"

// ContractEventName returns the user-defined event name.
func (DistributorRootRetired) ContractEventName() string {
	return DistributorRootRetiredEventName
}

// UnpackRootRetiredEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event RootRetired(uint256 indexed id)
func (distributor *Distributor) UnpackRootRetiredEvent(log *types.Log) (*DistributorRootRetired, error) {
	event := "RootRetired"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != distributor.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(DistributorRootRetired)
	if len(log.Data) > 0 {
		if err := distributor.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range distributor.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// DistributorRootUpheld represents a RootUpheld event raised by the Distributor contract.
type DistributorRootUpheld struct {
	Id  *big.Int
	Raw *types.Log // Blockchain specific contextual infos
}

const DistributorRootUpheldEventName = "RootUpheld"

// ContractEventName returns the user-defined event name.
func (DistributorRootUpheld) ContractEventName() string {
	return DistributorRootUpheldEventName
}

// UnpackRootUpheldEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event RootUpheld(uint256 indexed id)
func (distributor *Distributor) UnpackRootUpheldEvent(log *types.Log) (*DistributorRootUpheld, error) {
	event := "RootUpheld"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != distributor.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(DistributorRootUpheld)
	if len(log.Data) > 0 {
		if err := distributor.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range distributor.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// DistributorWindowsSet represents a WindowsSet event raised by the Distributor contract.
type DistributorWindowsSet struct {
	Challenge uint64
	Timelock  uint64
	Bond      *big.Int
	Raw       *types.Log // Blockchain specific contextual infos
}

const DistributorWindowsSetEventName = "WindowsSet"

// ContractEventName returns the user-defined event name.
func (DistributorWindowsSet) ContractEventName() string {
	return DistributorWindowsSetEventName
}

// UnpackWindowsSetEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event WindowsSet(uint64 challenge, uint64 timelock, uint96 bond)
func (distributor *Distributor) UnpackWindowsSetEvent(log *types.Log) (*DistributorWindowsSet, error) {
	event := "WindowsSet"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != distributor.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(DistributorWindowsSet)
	if len(log.Data) > 0 {
		if err := distributor.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range distributor.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (distributor *Distributor) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], distributor.abi.Errors["EpochNotOver"].ID.Bytes()[:4]) {
		return distributor.UnpackEpochNotOverError(raw[4:])
	}
	if bytes.Equal(raw[:4], distributor.abi.Errors["EpochSettled"].ID.Bytes()[:4]) {
		return distributor.UnpackEpochSettledError(raw[4:])
	}
	if bytes.Equal(raw[:4], distributor.abi.Errors["InvalidProof"].ID.Bytes()[:4]) {
		return distributor.UnpackInvalidProofError(raw[4:])
	}
	if bytes.Equal(raw[:4], distributor.abi.Errors["MoreThanMinted"].ID.Bytes()[:4]) {
		return distributor.UnpackMoreThanMintedError(raw[4:])
	}
	if bytes.Equal(raw[:4], distributor.abi.Errors["MoreThanTotal"].ID.Bytes()[:4]) {
		return distributor.UnpackMoreThanTotalError(raw[4:])
	}
	if bytes.Equal(raw[:4], distributor.abi.Errors["NotGovernance"].ID.Bytes()[:4]) {
		return distributor.UnpackNotGovernanceError(raw[4:])
	}
	if bytes.Equal(raw[:4], distributor.abi.Errors["NotProposer"].ID.Bytes()[:4]) {
		return distributor.UnpackNotProposerError(raw[4:])
	}
	if bytes.Equal(raw[:4], distributor.abi.Errors["NotStale"].ID.Bytes()[:4]) {
		return distributor.UnpackNotStaleError(raw[4:])
	}
	if bytes.Equal(raw[:4], distributor.abi.Errors["NothingToClaim"].ID.Bytes()[:4]) {
		return distributor.UnpackNothingToClaimError(raw[4:])
	}
	if bytes.Equal(raw[:4], distributor.abi.Errors["OnlyFirst"].ID.Bytes()[:4]) {
		return distributor.UnpackOnlyFirstError(raw[4:])
	}
	if bytes.Equal(raw[:4], distributor.abi.Errors["OutOfBounds"].ID.Bytes()[:4]) {
		return distributor.UnpackOutOfBoundsError(raw[4:])
	}
	if bytes.Equal(raw[:4], distributor.abi.Errors["TooEarly"].ID.Bytes()[:4]) {
		return distributor.UnpackTooEarlyError(raw[4:])
	}
	if bytes.Equal(raw[:4], distributor.abi.Errors["TooLate"].ID.Bytes()[:4]) {
		return distributor.UnpackTooLateError(raw[4:])
	}
	if bytes.Equal(raw[:4], distributor.abi.Errors["TotalShrinks"].ID.Bytes()[:4]) {
		return distributor.UnpackTotalShrinksError(raw[4:])
	}
	if bytes.Equal(raw[:4], distributor.abi.Errors["UnknownRoot"].ID.Bytes()[:4]) {
		return distributor.UnpackUnknownRootError(raw[4:])
	}
	if bytes.Equal(raw[:4], distributor.abi.Errors["WrongState"].ID.Bytes()[:4]) {
		return distributor.UnpackWrongStateError(raw[4:])
	}
	if bytes.Equal(raw[:4], distributor.abi.Errors["ZeroAddress"].ID.Bytes()[:4]) {
		return distributor.UnpackZeroAddressError(raw[4:])
	}
	if bytes.Equal(raw[:4], distributor.abi.Errors["ZeroLength"].ID.Bytes()[:4]) {
		return distributor.UnpackZeroLengthError(raw[4:])
	}
	if bytes.Equal(raw[:4], distributor.abi.Errors["ZeroRoot"].ID.Bytes()[:4]) {
		return distributor.UnpackZeroRootError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// DistributorEpochNotOver represents a EpochNotOver error raised by the Distributor contract.
type DistributorEpochNotOver struct {
	Epoch uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error EpochNotOver(uint64 epoch)
func DistributorEpochNotOverErrorID() common.Hash {
	return common.HexToHash("0xacb91bdbee96e5479c67c31a792c4afabf2ec787bc5ec64580c67c67c1eca17f")
}

// UnpackEpochNotOverError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error EpochNotOver(uint64 epoch)
func (distributor *Distributor) UnpackEpochNotOverError(raw []byte) (*DistributorEpochNotOver, error) {
	out := new(DistributorEpochNotOver)
	if err := distributor.abi.UnpackIntoInterface(out, "EpochNotOver", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// DistributorEpochSettled represents a EpochSettled error raised by the Distributor contract.
type DistributorEpochSettled struct {
	Epoch uint64
	Next  uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error EpochSettled(uint64 epoch, uint64 next)
func DistributorEpochSettledErrorID() common.Hash {
	return common.HexToHash("0xdda3bd933019516c955bf28551e92ff88e46f765abe88621f386c3ca995d577e")
}

// UnpackEpochSettledError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error EpochSettled(uint64 epoch, uint64 next)
func (distributor *Distributor) UnpackEpochSettledError(raw []byte) (*DistributorEpochSettled, error) {
	out := new(DistributorEpochSettled)
	if err := distributor.abi.UnpackIntoInterface(out, "EpochSettled", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// DistributorInvalidProof represents a InvalidProof error raised by the Distributor contract.
type DistributorInvalidProof struct {
	Account    common.Address
	Cumulative *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error InvalidProof(address account, uint256 cumulative)
func DistributorInvalidProofErrorID() common.Hash {
	return common.HexToHash("0xadbd6512b8ce16af463deab8b932072db98b797407959df0bc4b06f2b77e80f5")
}

// UnpackInvalidProofError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error InvalidProof(address account, uint256 cumulative)
func (distributor *Distributor) UnpackInvalidProofError(raw []byte) (*DistributorInvalidProof, error) {
	out := new(DistributorInvalidProof)
	if err := distributor.abi.UnpackIntoInterface(out, "InvalidProof", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// DistributorMoreThanMinted represents a MoreThanMinted error raised by the Distributor contract.
type DistributorMoreThanMinted struct {
	Amount *big.Int
	Minted *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error MoreThanMinted(uint256 amount, uint256 minted)
func DistributorMoreThanMintedErrorID() common.Hash {
	return common.HexToHash("0x55763ef1a423f08ec07b880ba54f73ea941bdb0b5998f387b171f9070eec88b2")
}

// UnpackMoreThanMintedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error MoreThanMinted(uint256 amount, uint256 minted)
func (distributor *Distributor) UnpackMoreThanMintedError(raw []byte) (*DistributorMoreThanMinted, error) {
	out := new(DistributorMoreThanMinted)
	if err := distributor.abi.UnpackIntoInterface(out, "MoreThanMinted", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// DistributorMoreThanTotal represents a MoreThanTotal error raised by the Distributor contract.
type DistributorMoreThanTotal struct {
	Paid  *big.Int
	Total *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error MoreThanTotal(uint256 paid, uint256 total)
func DistributorMoreThanTotalErrorID() common.Hash {
	return common.HexToHash("0xe391df7ae779dcf970ad53f5e5b495d1948177ce43aaac2e277410acf7af3cf2")
}

// UnpackMoreThanTotalError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error MoreThanTotal(uint256 paid, uint256 total)
func (distributor *Distributor) UnpackMoreThanTotalError(raw []byte) (*DistributorMoreThanTotal, error) {
	out := new(DistributorMoreThanTotal)
	if err := distributor.abi.UnpackIntoInterface(out, "MoreThanTotal", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// DistributorNotGovernance represents a NotGovernance error raised by the Distributor contract.
type DistributorNotGovernance struct {
	Caller common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotGovernance(address caller)
func DistributorNotGovernanceErrorID() common.Hash {
	return common.HexToHash("0x988d1f034409fa6034c96c7a747f1aface3c57af045046793082b71a663c0040")
}

// UnpackNotGovernanceError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotGovernance(address caller)
func (distributor *Distributor) UnpackNotGovernanceError(raw []byte) (*DistributorNotGovernance, error) {
	out := new(DistributorNotGovernance)
	if err := distributor.abi.UnpackIntoInterface(out, "NotGovernance", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// DistributorNotProposer represents a NotProposer error raised by the Distributor contract.
type DistributorNotProposer struct {
	Caller common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotProposer(address caller)
func DistributorNotProposerErrorID() common.Hash {
	return common.HexToHash("0x8645db44a2a5f8a81885c6917d4bc4b8931747369359c3e2c0217221b3773a7e")
}

// UnpackNotProposerError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotProposer(address caller)
func (distributor *Distributor) UnpackNotProposerError(raw []byte) (*DistributorNotProposer, error) {
	out := new(DistributorNotProposer)
	if err := distributor.abi.UnpackIntoInterface(out, "NotProposer", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// DistributorNotStale represents a NotStale error raised by the Distributor contract.
type DistributorNotStale struct {
	Id *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotStale(uint256 id)
func DistributorNotStaleErrorID() common.Hash {
	return common.HexToHash("0x6f8592217015c09772de11cfee84e89fc7d965ec482b4cc3049d6436cdd2456c")
}

// UnpackNotStaleError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotStale(uint256 id)
func (distributor *Distributor) UnpackNotStaleError(raw []byte) (*DistributorNotStale, error) {
	out := new(DistributorNotStale)
	if err := distributor.abi.UnpackIntoInterface(out, "NotStale", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// DistributorNothingToClaim represents a NothingToClaim error raised by the Distributor contract.
type DistributorNothingToClaim struct {
	Account common.Address
	Claimed *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NothingToClaim(address account, uint256 claimed)
func DistributorNothingToClaimErrorID() common.Hash {
	return common.HexToHash("0x01ac6c1a7eefe3bb77b0103be5637bc1149875a3eef79ab1e671f13f98ece98a")
}

// UnpackNothingToClaimError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NothingToClaim(address account, uint256 claimed)
func (distributor *Distributor) UnpackNothingToClaimError(raw []byte) (*DistributorNothingToClaim, error) {
	out := new(DistributorNothingToClaim)
	if err := distributor.abi.UnpackIntoInterface(out, "NothingToClaim", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// DistributorOnlyFirst represents a OnlyFirst error raised by the Distributor contract.
type DistributorOnlyFirst struct {
	Id *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OnlyFirst(uint256 id)
func DistributorOnlyFirstErrorID() common.Hash {
	return common.HexToHash("0x5d0d03b84df3e08502269ea51bfcdb9368d12f7cb781b4b33bbcbc89252035a8")
}

// UnpackOnlyFirstError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OnlyFirst(uint256 id)
func (distributor *Distributor) UnpackOnlyFirstError(raw []byte) (*DistributorOnlyFirst, error) {
	out := new(DistributorOnlyFirst)
	if err := distributor.abi.UnpackIntoInterface(out, "OnlyFirst", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// DistributorOutOfBounds represents a OutOfBounds error raised by the Distributor contract.
type DistributorOutOfBounds struct {
	Value *big.Int
	Least *big.Int
	Most  *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OutOfBounds(uint256 value, uint256 least, uint256 most)
func DistributorOutOfBoundsErrorID() common.Hash {
	return common.HexToHash("0xeb373cfea5f505ff7d4197290d41f01f7dfa600968a239ebd160730ce369f565")
}

// UnpackOutOfBoundsError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OutOfBounds(uint256 value, uint256 least, uint256 most)
func (distributor *Distributor) UnpackOutOfBoundsError(raw []byte) (*DistributorOutOfBounds, error) {
	out := new(DistributorOutOfBounds)
	if err := distributor.abi.UnpackIntoInterface(out, "OutOfBounds", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// DistributorTooEarly represents a TooEarly error raised by the Distributor contract.
type DistributorTooEarly struct {
	From *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error TooEarly(uint256 from)
func DistributorTooEarlyErrorID() common.Hash {
	return common.HexToHash("0x2a35a3246d5070e2b118858c24c2c4d23eaebe645b92ab746b92dd600c35a9d7")
}

// UnpackTooEarlyError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error TooEarly(uint256 from)
func (distributor *Distributor) UnpackTooEarlyError(raw []byte) (*DistributorTooEarly, error) {
	out := new(DistributorTooEarly)
	if err := distributor.abi.UnpackIntoInterface(out, "TooEarly", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// DistributorTooLate represents a TooLate error raised by the Distributor contract.
type DistributorTooLate struct {
	Until *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error TooLate(uint256 until)
func DistributorTooLateErrorID() common.Hash {
	return common.HexToHash("0x691e5682c05af91a82d806fceac093f8891d2c453dfc42c67196c1ccdb7b8be1")
}

// UnpackTooLateError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error TooLate(uint256 until)
func (distributor *Distributor) UnpackTooLateError(raw []byte) (*DistributorTooLate, error) {
	out := new(DistributorTooLate)
	if err := distributor.abi.UnpackIntoInterface(out, "TooLate", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// DistributorTotalShrinks represents a TotalShrinks error raised by the Distributor contract.
type DistributorTotalShrinks struct {
	Proposed *big.Int
	Accepted *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error TotalShrinks(uint256 proposed, uint256 accepted)
func DistributorTotalShrinksErrorID() common.Hash {
	return common.HexToHash("0x1750df81e76a1e72f2fad218499b7c3d5e73b1df196c9535f6619b8427e1abd2")
}

// UnpackTotalShrinksError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error TotalShrinks(uint256 proposed, uint256 accepted)
func (distributor *Distributor) UnpackTotalShrinksError(raw []byte) (*DistributorTotalShrinks, error) {
	out := new(DistributorTotalShrinks)
	if err := distributor.abi.UnpackIntoInterface(out, "TotalShrinks", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// DistributorUnknownRoot represents a UnknownRoot error raised by the Distributor contract.
type DistributorUnknownRoot struct {
	Id *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error UnknownRoot(uint256 id)
func DistributorUnknownRootErrorID() common.Hash {
	return common.HexToHash("0x29fd3379542bc581beedb1ff64206183876989263ea64828c4b1c23e41e91657")
}

// UnpackUnknownRootError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error UnknownRoot(uint256 id)
func (distributor *Distributor) UnpackUnknownRootError(raw []byte) (*DistributorUnknownRoot, error) {
	out := new(DistributorUnknownRoot)
	if err := distributor.abi.UnpackIntoInterface(out, "UnknownRoot", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// DistributorWrongState represents a WrongState error raised by the Distributor contract.
type DistributorWrongState struct {
	Id    *big.Int
	State uint8
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error WrongState(uint256 id, uint8 state)
func DistributorWrongStateErrorID() common.Hash {
	return common.HexToHash("0x800b061518cbf2095c1b1778c2e3202c0e88a5711a68b4d0ca85bbcbf3523260")
}

// UnpackWrongStateError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error WrongState(uint256 id, uint8 state)
func (distributor *Distributor) UnpackWrongStateError(raw []byte) (*DistributorWrongState, error) {
	out := new(DistributorWrongState)
	if err := distributor.abi.UnpackIntoInterface(out, "WrongState", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// DistributorZeroAddress represents a ZeroAddress error raised by the Distributor contract.
type DistributorZeroAddress struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ZeroAddress()
func DistributorZeroAddressErrorID() common.Hash {
	return common.HexToHash("0xd92e233df2717d4a40030e20904abd27b68fcbeede117eaaccbbdac9618c8c73")
}

// UnpackZeroAddressError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ZeroAddress()
func (distributor *Distributor) UnpackZeroAddressError(raw []byte) (*DistributorZeroAddress, error) {
	out := new(DistributorZeroAddress)
	if err := distributor.abi.UnpackIntoInterface(out, "ZeroAddress", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// DistributorZeroLength represents a ZeroLength error raised by the Distributor contract.
type DistributorZeroLength struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ZeroLength()
func DistributorZeroLengthErrorID() common.Hash {
	return common.HexToHash("0xbf557497184aa35f5d2eddd9098be92070da5b29513aaa9f8b6261f3ab502811")
}

// UnpackZeroLengthError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ZeroLength()
func (distributor *Distributor) UnpackZeroLengthError(raw []byte) (*DistributorZeroLength, error) {
	out := new(DistributorZeroLength)
	if err := distributor.abi.UnpackIntoInterface(out, "ZeroLength", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// DistributorZeroRoot represents a ZeroRoot error raised by the Distributor contract.
type DistributorZeroRoot struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ZeroRoot()
func DistributorZeroRootErrorID() common.Hash {
	return common.HexToHash("0xb263ae738e814ca9af6ee56bb85daa47624e790421913c947dcba2aac07cfdbd")
}

// UnpackZeroRootError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ZeroRoot()
func (distributor *Distributor) UnpackZeroRootError(raw []byte) (*DistributorZeroRoot, error) {
	out := new(DistributorZeroRoot)
	if err := distributor.abi.UnpackIntoInterface(out, "ZeroRoot", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// EmissionMetaData contains all meta data concerning the Emission contract.
var EmissionMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"internalType\":\"contractKey\",\"name\":\"key_\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"distributor_\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"start_\",\"type\":\"uint64\"}],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"pool\",\"type\":\"uint256\"}],\"name\":\"UnknownPool\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ZeroAddress\",\"type\":\"error\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"until\",\"type\":\"uint64\"},{\"indexed\":false,\"internalType\":\"uint256[5]\",\"name\":\"perPool\",\"type\":\"uint256[5]\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"Minted\",\"type\":\"event\"},{\"inputs\":[],\"name\":\"CAPITAL\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"CODE\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"COMMUNITY\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"COMPUTE\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"INTERVAL\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"LIFETIME\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"POOLS\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"PROTECTION\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"pool\",\"type\":\"uint256\"},{\"internalType\":\"uint64\",\"name\":\"from\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"to\",\"type\":\"uint64\"}],\"name\":\"between\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"distributor\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"pool\",\"type\":\"uint256\"},{\"internalType\":\"uint64\",\"name\":\"until\",\"type\":\"uint64\"}],\"name\":\"due\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"key\",\"outputs\":[{\"internalType\":\"contractKey\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"mint\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"pool\",\"type\":\"uint256\"}],\"name\":\"minted\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"mintedUntil\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"start\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"}]",
	ID:  "Emission",
}

// Emission is an auto generated Go binding around an Ethereum contract.
type Emission struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *Emission) GetABI() abi.ABI {
	return c.abi
}

// NewEmission creates a new instance of Emission.
func NewEmission() *Emission {
	parsed, err := EmissionMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &Emission{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *Emission) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackConstructor is the Go binding used to pack the parameters required for
// contract deployment.
//
// Solidity: constructor(address key_, address distributor_, uint64 start_) returns()
func (emission *Emission) PackConstructor(key_ common.Address, distributor_ common.Address, start_ uint64) []byte {
	enc, err := emission.abi.Pack("", key_, distributor_, start_)
	if err != nil {
		panic(err)
	}
	return enc
}

// PackCAPITAL is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x49cab239.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function CAPITAL() view returns(uint256)
func (emission *Emission) PackCAPITAL() []byte {
	enc, err := emission.abi.Pack("CAPITAL")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCAPITAL is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x49cab239.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function CAPITAL() view returns(uint256)
func (emission *Emission) TryPackCAPITAL() ([]byte, error) {
	return emission.abi.Pack("CAPITAL")
}

// UnpackCAPITAL is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x49cab239.
//
// Solidity: function CAPITAL() view returns(uint256)
func (emission *Emission) UnpackCAPITAL(data []byte) (*big.Int, error) {
	out, err := emission.abi.Unpack("CAPITAL", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackCODE is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0fc8f82a.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function CODE() view returns(uint256)
func (emission *Emission) PackCODE() []byte {
	enc, err := emission.abi.Pack("CODE")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCODE is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0fc8f82a.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function CODE() view returns(uint256)
func (emission *Emission) TryPackCODE() ([]byte, error) {
	return emission.abi.Pack("CODE")
}

// UnpackCODE is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x0fc8f82a.
//
// Solidity: function CODE() view returns(uint256)
func (emission *Emission) UnpackCODE(data []byte) (*big.Int, error) {
	out, err := emission.abi.Unpack("CODE", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackCOMMUNITY is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf8d7f790.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function COMMUNITY() view returns(uint256)
func (emission *Emission) PackCOMMUNITY() []byte {
	enc, err := emission.abi.Pack("COMMUNITY")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCOMMUNITY is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf8d7f790.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function COMMUNITY() view returns(uint256)
func (emission *Emission) TryPackCOMMUNITY() ([]byte, error) {
	return emission.abi.Pack("COMMUNITY")
}

// UnpackCOMMUNITY is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xf8d7f790.
//
// Solidity: function COMMUNITY() view returns(uint256)
func (emission *Emission) UnpackCOMMUNITY(data []byte) (*big.Int, error) {
	out, err := emission.abi.Unpack("COMMUNITY", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackCOMPUTE is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xeeb2bb24.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function COMPUTE() view returns(uint256)
func (emission *Emission) PackCOMPUTE() []byte {
	enc, err := emission.abi.Pack("COMPUTE")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCOMPUTE is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xeeb2bb24.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function COMPUTE() view returns(uint256)
func (emission *Emission) TryPackCOMPUTE() ([]byte, error) {
	return emission.abi.Pack("COMPUTE")
}

// UnpackCOMPUTE is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xeeb2bb24.
//
// Solidity: function COMPUTE() view returns(uint256)
func (emission *Emission) UnpackCOMPUTE(data []byte) (*big.Int, error) {
	out, err := emission.abi.Unpack("COMPUTE", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackINTERVAL is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x89facb20.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function INTERVAL() view returns(uint64)
func (emission *Emission) PackINTERVAL() []byte {
	enc, err := emission.abi.Pack("INTERVAL")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackINTERVAL is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x89facb20.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function INTERVAL() view returns(uint64)
func (emission *Emission) TryPackINTERVAL() ([]byte, error) {
	return emission.abi.Pack("INTERVAL")
}

// UnpackINTERVAL is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x89facb20.
//
// Solidity: function INTERVAL() view returns(uint64)
func (emission *Emission) UnpackINTERVAL(data []byte) (uint64, error) {
	out, err := emission.abi.Unpack("INTERVAL", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackLIFETIME is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd3c576d8.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function LIFETIME() view returns(uint256)
func (emission *Emission) PackLIFETIME() []byte {
	enc, err := emission.abi.Pack("LIFETIME")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackLIFETIME is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd3c576d8.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function LIFETIME() view returns(uint256)
func (emission *Emission) TryPackLIFETIME() ([]byte, error) {
	return emission.abi.Pack("LIFETIME")
}

// UnpackLIFETIME is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xd3c576d8.
//
// Solidity: function LIFETIME() view returns(uint256)
func (emission *Emission) UnpackLIFETIME(data []byte) (*big.Int, error) {
	out, err := emission.abi.Unpack("LIFETIME", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackPOOLS is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xebccb5b2.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function POOLS() view returns(uint256)
func (emission *Emission) PackPOOLS() []byte {
	enc, err := emission.abi.Pack("POOLS")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPOOLS is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xebccb5b2.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function POOLS() view returns(uint256)
func (emission *Emission) TryPackPOOLS() ([]byte, error) {
	return emission.abi.Pack("POOLS")
}

// UnpackPOOLS is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xebccb5b2.
//
// Solidity: function POOLS() view returns(uint256)
func (emission *Emission) UnpackPOOLS(data []byte) (*big.Int, error) {
	out, err := emission.abi.Unpack("POOLS", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackPROTECTION is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x4e235ac5.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function PROTECTION() view returns(uint256)
func (emission *Emission) PackPROTECTION() []byte {
	enc, err := emission.abi.Pack("PROTECTION")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPROTECTION is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x4e235ac5.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function PROTECTION() view returns(uint256)
func (emission *Emission) TryPackPROTECTION() ([]byte, error) {
	return emission.abi.Pack("PROTECTION")
}

// UnpackPROTECTION is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x4e235ac5.
//
// Solidity: function PROTECTION() view returns(uint256)
func (emission *Emission) UnpackPROTECTION(data []byte) (*big.Int, error) {
	out, err := emission.abi.Unpack("PROTECTION", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackBetween is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x16db9515.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function between(uint256 pool, uint64 from, uint64 to) view returns(uint256)
func (emission *Emission) PackBetween(pool *big.Int, from uint64, to uint64) []byte {
	enc, err := emission.abi.Pack("between", pool, from, to)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackBetween is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x16db9515.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function between(uint256 pool, uint64 from, uint64 to) view returns(uint256)
func (emission *Emission) TryPackBetween(pool *big.Int, from uint64, to uint64) ([]byte, error) {
	return emission.abi.Pack("between", pool, from, to)
}

// UnpackBetween is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x16db9515.
//
// Solidity: function between(uint256 pool, uint64 from, uint64 to) view returns(uint256)
func (emission *Emission) UnpackBetween(data []byte) (*big.Int, error) {
	out, err := emission.abi.Unpack("between", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackDistributor is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xbfe10928.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function distributor() view returns(address)
func (emission *Emission) PackDistributor() []byte {
	enc, err := emission.abi.Pack("distributor")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDistributor is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xbfe10928.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function distributor() view returns(address)
func (emission *Emission) TryPackDistributor() ([]byte, error) {
	return emission.abi.Pack("distributor")
}

// UnpackDistributor is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xbfe10928.
//
// Solidity: function distributor() view returns(address)
func (emission *Emission) UnpackDistributor(data []byte) (common.Address, error) {
	out, err := emission.abi.Unpack("distributor", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackDue is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0e90a272.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function due(uint256 pool, uint64 until) view returns(uint256)
func (emission *Emission) PackDue(pool *big.Int, until uint64) []byte {
	enc, err := emission.abi.Pack("due", pool, until)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDue is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0e90a272.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function due(uint256 pool, uint64 until) view returns(uint256)
func (emission *Emission) TryPackDue(pool *big.Int, until uint64) ([]byte, error) {
	return emission.abi.Pack("due", pool, until)
}

// UnpackDue is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x0e90a272.
//
// Solidity: function due(uint256 pool, uint64 until) view returns(uint256)
func (emission *Emission) UnpackDue(data []byte) (*big.Int, error) {
	out, err := emission.abi.Unpack("due", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackKey is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3943380c.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function key() view returns(address)
func (emission *Emission) PackKey() []byte {
	enc, err := emission.abi.Pack("key")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackKey is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3943380c.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function key() view returns(address)
func (emission *Emission) TryPackKey() ([]byte, error) {
	return emission.abi.Pack("key")
}

// UnpackKey is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x3943380c.
//
// Solidity: function key() view returns(address)
func (emission *Emission) UnpackKey(data []byte) (common.Address, error) {
	out, err := emission.abi.Unpack("key", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackMint is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x1249c58b.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function mint() returns(uint256 amount)
func (emission *Emission) PackMint() []byte {
	enc, err := emission.abi.Pack("mint")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMint is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x1249c58b.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function mint() returns(uint256 amount)
func (emission *Emission) TryPackMint() ([]byte, error) {
	return emission.abi.Pack("mint")
}

// UnpackMint is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x1249c58b.
//
// Solidity: function mint() returns(uint256 amount)
func (emission *Emission) UnpackMint(data []byte) (*big.Int, error) {
	out, err := emission.abi.Unpack("mint", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackMinted is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7dc0bf3f.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function minted(uint256 pool) view returns(uint256)
func (emission *Emission) PackMinted(pool *big.Int) []byte {
	enc, err := emission.abi.Pack("minted", pool)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMinted is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7dc0bf3f.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function minted(uint256 pool) view returns(uint256)
func (emission *Emission) TryPackMinted(pool *big.Int) ([]byte, error) {
	return emission.abi.Pack("minted", pool)
}

// UnpackMinted is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x7dc0bf3f.
//
// Solidity: function minted(uint256 pool) view returns(uint256)
func (emission *Emission) UnpackMinted(data []byte) (*big.Int, error) {
	out, err := emission.abi.Unpack("minted", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackMintedUntil is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8e81f0e2.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function mintedUntil() view returns(uint64)
func (emission *Emission) PackMintedUntil() []byte {
	enc, err := emission.abi.Pack("mintedUntil")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMintedUntil is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8e81f0e2.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function mintedUntil() view returns(uint64)
func (emission *Emission) TryPackMintedUntil() ([]byte, error) {
	return emission.abi.Pack("mintedUntil")
}

// UnpackMintedUntil is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x8e81f0e2.
//
// Solidity: function mintedUntil() view returns(uint64)
func (emission *Emission) UnpackMintedUntil(data []byte) (uint64, error) {
	out, err := emission.abi.Unpack("mintedUntil", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackStart is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xbe9a6555.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function start() view returns(uint64)
func (emission *Emission) PackStart() []byte {
	enc, err := emission.abi.Pack("start")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackStart is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xbe9a6555.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function start() view returns(uint64)
func (emission *Emission) TryPackStart() ([]byte, error) {
	return emission.abi.Pack("start")
}

// UnpackStart is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xbe9a6555.
//
// Solidity: function start() view returns(uint64)
func (emission *Emission) UnpackStart(data []byte) (uint64, error) {
	out, err := emission.abi.Unpack("start", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// EmissionMinted represents a Minted event raised by the Emission contract.
type EmissionMinted struct {
	Until   uint64
	PerPool [5]*big.Int
	Amount  *big.Int
	Raw     *types.Log // Blockchain specific contextual infos
}

const EmissionMintedEventName = "Minted"

// ContractEventName returns the user-defined event name.
func (EmissionMinted) ContractEventName() string {
	return EmissionMintedEventName
}

// UnpackMintedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Minted(uint64 until, uint256[5] perPool, uint256 amount)
func (emission *Emission) UnpackMintedEvent(log *types.Log) (*EmissionMinted, error) {
	event := "Minted"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != emission.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(EmissionMinted)
	if len(log.Data) > 0 {
		if err := emission.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range emission.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (emission *Emission) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], emission.abi.Errors["UnknownPool"].ID.Bytes()[:4]) {
		return emission.UnpackUnknownPoolError(raw[4:])
	}
	if bytes.Equal(raw[:4], emission.abi.Errors["ZeroAddress"].ID.Bytes()[:4]) {
		return emission.UnpackZeroAddressError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// EmissionUnknownPool represents a UnknownPool error raised by the Emission contract.
type EmissionUnknownPool struct {
	Pool *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error UnknownPool(uint256 pool)
func EmissionUnknownPoolErrorID() common.Hash {
	return common.HexToHash("0x4fd97f149bcfc9b85f56e36cf18343454da3971ac7ec2bd7d066d019e0369e60")
}

// UnpackUnknownPoolError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error UnknownPool(uint256 pool)
func (emission *Emission) UnpackUnknownPoolError(raw []byte) (*EmissionUnknownPool, error) {
	out := new(EmissionUnknownPool)
	if err := emission.abi.UnpackIntoInterface(out, "UnknownPool", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// EmissionZeroAddress represents a ZeroAddress error raised by the Emission contract.
type EmissionZeroAddress struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ZeroAddress()
func EmissionZeroAddressErrorID() common.Hash {
	return common.HexToHash("0xd92e233df2717d4a40030e20904abd27b68fcbeede117eaaccbbdac9618c8c73")
}

// UnpackZeroAddressError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ZeroAddress()
func (emission *Emission) UnpackZeroAddressError(raw []byte) (*EmissionZeroAddress, error) {
	out := new(EmissionZeroAddress)
	if err := emission.abi.UnpackIntoInterface(out, "ZeroAddress", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// GovernanceMetaData contains all meta data concerning the Governance contract.
var GovernanceMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"internalType\":\"contractStakes\",\"name\":\"stakes_\",\"type\":\"address\"},{\"internalType\":\"contractDistributor\",\"name\":\"distributor_\",\"type\":\"address\"},{\"internalType\":\"contractEmission\",\"name\":\"emission_\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"rulesHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"votingPeriod_\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"timelock_\",\"type\":\"uint64\"},{\"internalType\":\"uint256\",\"name\":\"quorum_\",\"type\":\"uint256\"}],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"name\":\"AlreadyExecuted\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"},{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"}],\"name\":\"AlreadyVoted\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"current\",\"type\":\"uint64\"}],\"name\":\"EpochBegun\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"left\",\"type\":\"uint256\"}],\"name\":\"MoreThanProtection\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"root\",\"type\":\"uint256\"}],\"name\":\"NotChallenged\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"yes\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"no\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"needed\",\"type\":\"uint256\"}],\"name\":\"NotPassed\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"value\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"least\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"most\",\"type\":\"uint256\"}],\"name\":\"OutOfBounds\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"from\",\"type\":\"uint256\"}],\"name\":\"TooEarly\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"until\",\"type\":\"uint256\"}],\"name\":\"TooLate\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"power\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"needed\",\"type\":\"uint256\"}],\"name\":\"TooLittlePower\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"name\":\"UnknownMotion\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"until\",\"type\":\"uint256\"}],\"name\":\"VoteOver\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ZeroAddress\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ZeroAmount\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ZeroHash\",\"type\":\"error\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"name\":\"Executed\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"},{\"indexed\":true,\"internalType\":\"enumGovernance.Kind\",\"name\":\"kind\",\"type\":\"uint8\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"mover\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"a\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"b\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"c\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"snapshot\",\"type\":\"uint64\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"voteUntil\",\"type\":\"uint64\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"executeFrom\",\"type\":\"uint64\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"executeUntil\",\"type\":\"uint64\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"needed\",\"type\":\"uint256\"}],\"name\":\"Moved\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"Payout\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"indexed\":false,\"internalType\":\"bytes32\",\"name\":\"hash\",\"type\":\"bytes32\"}],\"name\":\"RulesSet\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"bool\",\"name\":\"yes\",\"type\":\"bool\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"power\",\"type\":\"uint256\"}],\"name\":\"Voted\",\"type\":\"event\"},{\"inputs\":[],\"name\":\"EARNED_LOCK\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"EXECUTION\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"LEAST_PERIOD\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"LEAST_QUORUM\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"MOST_PERIOD\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"MOST_QUORUM\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"MOVE\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"WHOLE\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"distributor\",\"outputs\":[{\"internalType\":\"contractDistributor\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"emission\",\"outputs\":[{\"internalType\":\"contractEmission\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"name\":\"execute\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"name\":\"motion\",\"outputs\":[{\"components\":[{\"internalType\":\"enumGovernance.Kind\",\"name\":\"kind\",\"type\":\"uint8\"},{\"internalType\":\"bool\",\"name\":\"executed\",\"type\":\"bool\"},{\"internalType\":\"address\",\"name\":\"mover\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"snapshot\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"voteUntil\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"executeFrom\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"executeUntil\",\"type\":\"uint64\"},{\"internalType\":\"uint256\",\"name\":\"a\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"b\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"c\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"yes\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"no\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"needed\",\"type\":\"uint256\"}],\"internalType\":\"structGovernance.Motion\",\"name\":\"\",\"type\":\"tuple\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"motionCount\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"root\",\"type\":\"uint256\"},{\"internalType\":\"bool\",\"name\":\"uphold\",\"type\":\"bool\"}],\"name\":\"moveDecision\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"reasons\",\"type\":\"bytes32\"}],\"name\":\"movePayout\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"proposer\",\"type\":\"address\"},{\"internalType\":\"bool\",\"name\":\"listed\",\"type\":\"bool\"}],\"name\":\"moveProposer\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"hash\",\"type\":\"bytes32\"}],\"name\":\"moveRules\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"challenge\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"timelock_\",\"type\":\"uint64\"},{\"internalType\":\"uint96\",\"name\":\"bond\",\"type\":\"uint96\"}],\"name\":\"moveWindows\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"payouts\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"quorum\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"}],\"name\":\"rules\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"stakes\",\"outputs\":[{\"internalType\":\"contractStakes\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"timelock\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"},{\"internalType\":\"bool\",\"name\":\"yes\",\"type\":\"bool\"}],\"name\":\"vote\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"motion\",\"type\":\"uint256\"},{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"}],\"name\":\"voted\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"votingPeriod\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"}]",
	ID:  "Governance",
}

// Governance is an auto generated Go binding around an Ethereum contract.
type Governance struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *Governance) GetABI() abi.ABI {
	return c.abi
}

// NewGovernance creates a new instance of Governance.
func NewGovernance() *Governance {
	parsed, err := GovernanceMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &Governance{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *Governance) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackConstructor is the Go binding used to pack the parameters required for
// contract deployment.
//
// Solidity: constructor(address stakes_, address distributor_, address emission_, bytes32 rulesHash, uint64 votingPeriod_, uint64 timelock_, uint256 quorum_) returns()
func (governance *Governance) PackConstructor(stakes_ common.Address, distributor_ common.Address, emission_ common.Address, rulesHash [32]byte, votingPeriod_ uint64, timelock_ uint64, quorum_ *big.Int) []byte {
	enc, err := governance.abi.Pack("", stakes_, distributor_, emission_, rulesHash, votingPeriod_, timelock_, quorum_)
	if err != nil {
		panic(err)
	}
	return enc
}

// PackEARNEDLOCK is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6a857deb.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function EARNED_LOCK() view returns(uint64)
func (governance *Governance) PackEARNEDLOCK() []byte {
	enc, err := governance.abi.Pack("EARNED_LOCK")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackEARNEDLOCK is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6a857deb.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function EARNED_LOCK() view returns(uint64)
func (governance *Governance) TryPackEARNEDLOCK() ([]byte, error) {
	return governance.abi.Pack("EARNED_LOCK")
}

// UnpackEARNEDLOCK is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x6a857deb.
//
// Solidity: function EARNED_LOCK() view returns(uint64)
func (governance *Governance) UnpackEARNEDLOCK(data []byte) (uint64, error) {
	out, err := governance.abi.Unpack("EARNED_LOCK", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackEXECUTION is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x548f06fe.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function EXECUTION() view returns(uint64)
func (governance *Governance) PackEXECUTION() []byte {
	enc, err := governance.abi.Pack("EXECUTION")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackEXECUTION is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x548f06fe.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function EXECUTION() view returns(uint64)
func (governance *Governance) TryPackEXECUTION() ([]byte, error) {
	return governance.abi.Pack("EXECUTION")
}

// UnpackEXECUTION is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x548f06fe.
//
// Solidity: function EXECUTION() view returns(uint64)
func (governance *Governance) UnpackEXECUTION(data []byte) (uint64, error) {
	out, err := governance.abi.Unpack("EXECUTION", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackLEASTPERIOD is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb7941a41.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function LEAST_PERIOD() view returns(uint64)
func (governance *Governance) PackLEASTPERIOD() []byte {
	enc, err := governance.abi.Pack("LEAST_PERIOD")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackLEASTPERIOD is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb7941a41.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function LEAST_PERIOD() view returns(uint64)
func (governance *Governance) TryPackLEASTPERIOD() ([]byte, error) {
	return governance.abi.Pack("LEAST_PERIOD")
}

// UnpackLEASTPERIOD is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xb7941a41.
//
// Solidity: function LEAST_PERIOD() view returns(uint64)
func (governance *Governance) UnpackLEASTPERIOD(data []byte) (uint64, error) {
	out, err := governance.abi.Unpack("LEAST_PERIOD", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackLEASTQUORUM is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8b1acfd0.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function LEAST_QUORUM() view returns(uint256)
func (governance *Governance) PackLEASTQUORUM() []byte {
	enc, err := governance.abi.Pack("LEAST_QUORUM")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackLEASTQUORUM is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8b1acfd0.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function LEAST_QUORUM() view returns(uint256)
func (governance *Governance) TryPackLEASTQUORUM() ([]byte, error) {
	return governance.abi.Pack("LEAST_QUORUM")
}

// UnpackLEASTQUORUM is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x8b1acfd0.
//
// Solidity: function LEAST_QUORUM() view returns(uint256)
func (governance *Governance) UnpackLEASTQUORUM(data []byte) (*big.Int, error) {
	out, err := governance.abi.Unpack("LEAST_QUORUM", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackMOSTPERIOD is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe9ef119d.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function MOST_PERIOD() view returns(uint64)
func (governance *Governance) PackMOSTPERIOD() []byte {
	enc, err := governance.abi.Pack("MOST_PERIOD")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMOSTPERIOD is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe9ef119d.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function MOST_PERIOD() view returns(uint64)
func (governance *Governance) TryPackMOSTPERIOD() ([]byte, error) {
	return governance.abi.Pack("MOST_PERIOD")
}

// UnpackMOSTPERIOD is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xe9ef119d.
//
// Solidity: function MOST_PERIOD() view returns(uint64)
func (governance *Governance) UnpackMOSTPERIOD(data []byte) (uint64, error) {
	out, err := governance.abi.Unpack("MOST_PERIOD", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackMOSTQUORUM is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x2dd6e634.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function MOST_QUORUM() view returns(uint256)
func (governance *Governance) PackMOSTQUORUM() []byte {
	enc, err := governance.abi.Pack("MOST_QUORUM")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMOSTQUORUM is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x2dd6e634.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function MOST_QUORUM() view returns(uint256)
func (governance *Governance) TryPackMOSTQUORUM() ([]byte, error) {
	return governance.abi.Pack("MOST_QUORUM")
}

// UnpackMOSTQUORUM is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x2dd6e634.
//
// Solidity: function MOST_QUORUM() view returns(uint256)
func (governance *Governance) UnpackMOSTQUORUM(data []byte) (*big.Int, error) {
	out, err := governance.abi.Unpack("MOST_QUORUM", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackMOVE is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7ea79597.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function MOVE() view returns(uint256)
func (governance *Governance) PackMOVE() []byte {
	enc, err := governance.abi.Pack("MOVE")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMOVE is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7ea79597.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function MOVE() view returns(uint256)
func (governance *Governance) TryPackMOVE() ([]byte, error) {
	return governance.abi.Pack("MOVE")
}

// UnpackMOVE is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x7ea79597.
//
// Solidity: function MOVE() view returns(uint256)
func (governance *Governance) UnpackMOVE(data []byte) (*big.Int, error) {
	out, err := governance.abi.Unpack("MOVE", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackWHOLE is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x09eba343.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function WHOLE() view returns(uint256)
func (governance *Governance) PackWHOLE() []byte {
	enc, err := governance.abi.Pack("WHOLE")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackWHOLE is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x09eba343.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function WHOLE() view returns(uint256)
func (governance *Governance) TryPackWHOLE() ([]byte, error) {
	return governance.abi.Pack("WHOLE")
}

// UnpackWHOLE is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x09eba343.
//
// Solidity: function WHOLE() view returns(uint256)
func (governance *Governance) UnpackWHOLE(data []byte) (*big.Int, error) {
	out, err := governance.abi.Unpack("WHOLE", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackDistributor is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xbfe10928.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function distributor() view returns(address)
func (governance *Governance) PackDistributor() []byte {
	enc, err := governance.abi.Pack("distributor")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDistributor is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xbfe10928.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function distributor() view returns(address)
func (governance *Governance) TryPackDistributor() ([]byte, error) {
	return governance.abi.Pack("distributor")
}

// UnpackDistributor is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xbfe10928.
//
// Solidity: function distributor() view returns(address)
func (governance *Governance) UnpackDistributor(data []byte) (common.Address, error) {
	out, err := governance.abi.Unpack("distributor", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackEmission is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x827c049e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function emission() view returns(address)
func (governance *Governance) PackEmission() []byte {
	enc, err := governance.abi.Pack("emission")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackEmission is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x827c049e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function emission() view returns(address)
func (governance *Governance) TryPackEmission() ([]byte, error) {
	return governance.abi.Pack("emission")
}

// UnpackEmission is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x827c049e.
//
// Solidity: function emission() view returns(address)
func (governance *Governance) UnpackEmission(data []byte) (common.Address, error) {
	out, err := governance.abi.Unpack("emission", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackExecute is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xfe0d94c1.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function execute(uint256 id) returns()
func (governance *Governance) PackExecute(id *big.Int) []byte {
	enc, err := governance.abi.Pack("execute", id)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackExecute is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xfe0d94c1.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function execute(uint256 id) returns()
func (governance *Governance) TryPackExecute(id *big.Int) ([]byte, error) {
	return governance.abi.Pack("execute", id)
}

// PackMotion is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc8677d0e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function motion(uint256 id) view returns((uint8,bool,address,uint64,uint64,uint64,uint64,uint256,uint256,uint256,uint256,uint256,uint256))
func (governance *Governance) PackMotion(id *big.Int) []byte {
	enc, err := governance.abi.Pack("motion", id)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMotion is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc8677d0e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function motion(uint256 id) view returns((uint8,bool,address,uint64,uint64,uint64,uint64,uint256,uint256,uint256,uint256,uint256,uint256))
func (governance *Governance) TryPackMotion(id *big.Int) ([]byte, error) {
	return governance.abi.Pack("motion", id)
}

// UnpackMotion is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xc8677d0e.
//
// Solidity: function motion(uint256 id) view returns((uint8,bool,address,uint64,uint64,uint64,uint64,uint256,uint256,uint256,uint256,uint256,uint256))
func (governance *Governance) UnpackMotion(data []byte) (GovernanceMotion, error) {
	out, err := governance.abi.Unpack("motion", data)
	if err != nil {
		return *new(GovernanceMotion), err
	}
	out0 := *abi.ConvertType(out[0], new(GovernanceMotion)).(*GovernanceMotion)
	return out0, nil
}

// PackMotionCount is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x2cb0c650.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function motionCount() view returns(uint256)
func (governance *Governance) PackMotionCount() []byte {
	enc, err := governance.abi.Pack("motionCount")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMotionCount is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x2cb0c650.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function motionCount() view returns(uint256)
func (governance *Governance) TryPackMotionCount() ([]byte, error) {
	return governance.abi.Pack("motionCount")
}

// UnpackMotionCount is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x2cb0c650.
//
// Solidity: function motionCount() view returns(uint256)
func (governance *Governance) UnpackMotionCount(data []byte) (*big.Int, error) {
	out, err := governance.abi.Unpack("motionCount", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackMoveDecision is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xfece295a.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function moveDecision(uint256 root, bool uphold) returns(uint256 id)
func (governance *Governance) PackMoveDecision(root *big.Int, uphold bool) []byte {
	enc, err := governance.abi.Pack("moveDecision", root, uphold)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMoveDecision is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xfece295a.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function moveDecision(uint256 root, bool uphold) returns(uint256 id)
func (governance *Governance) TryPackMoveDecision(root *big.Int, uphold bool) ([]byte, error) {
	return governance.abi.Pack("moveDecision", root, uphold)
}

// UnpackMoveDecision is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xfece295a.
//
// Solidity: function moveDecision(uint256 root, bool uphold) returns(uint256 id)
func (governance *Governance) UnpackMoveDecision(data []byte) (*big.Int, error) {
	out, err := governance.abi.Unpack("moveDecision", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackMovePayout is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x5528f957.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function movePayout(address to, uint256 amount, bytes32 reasons) returns(uint256 id)
func (governance *Governance) PackMovePayout(to common.Address, amount *big.Int, reasons [32]byte) []byte {
	enc, err := governance.abi.Pack("movePayout", to, amount, reasons)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMovePayout is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x5528f957.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function movePayout(address to, uint256 amount, bytes32 reasons) returns(uint256 id)
func (governance *Governance) TryPackMovePayout(to common.Address, amount *big.Int, reasons [32]byte) ([]byte, error) {
	return governance.abi.Pack("movePayout", to, amount, reasons)
}

// UnpackMovePayout is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x5528f957.
//
// Solidity: function movePayout(address to, uint256 amount, bytes32 reasons) returns(uint256 id)
func (governance *Governance) UnpackMovePayout(data []byte) (*big.Int, error) {
	out, err := governance.abi.Unpack("movePayout", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackMoveProposer is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x35cda8d1.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function moveProposer(address proposer, bool listed) returns(uint256 id)
func (governance *Governance) PackMoveProposer(proposer common.Address, listed bool) []byte {
	enc, err := governance.abi.Pack("moveProposer", proposer, listed)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMoveProposer is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x35cda8d1.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function moveProposer(address proposer, bool listed) returns(uint256 id)
func (governance *Governance) TryPackMoveProposer(proposer common.Address, listed bool) ([]byte, error) {
	return governance.abi.Pack("moveProposer", proposer, listed)
}

// UnpackMoveProposer is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x35cda8d1.
//
// Solidity: function moveProposer(address proposer, bool listed) returns(uint256 id)
func (governance *Governance) UnpackMoveProposer(data []byte) (*big.Int, error) {
	out, err := governance.abi.Unpack("moveProposer", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackMoveRules is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x494d5f44.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function moveRules(uint64 epoch, bytes32 hash) returns(uint256 id)
func (governance *Governance) PackMoveRules(epoch uint64, hash [32]byte) []byte {
	enc, err := governance.abi.Pack("moveRules", epoch, hash)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMoveRules is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x494d5f44.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function moveRules(uint64 epoch, bytes32 hash) returns(uint256 id)
func (governance *Governance) TryPackMoveRules(epoch uint64, hash [32]byte) ([]byte, error) {
	return governance.abi.Pack("moveRules", epoch, hash)
}

// UnpackMoveRules is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x494d5f44.
//
// Solidity: function moveRules(uint64 epoch, bytes32 hash) returns(uint256 id)
func (governance *Governance) UnpackMoveRules(data []byte) (*big.Int, error) {
	out, err := governance.abi.Unpack("moveRules", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackMoveWindows is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3f5465d8.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function moveWindows(uint64 challenge, uint64 timelock_, uint96 bond) returns(uint256 id)
func (governance *Governance) PackMoveWindows(challenge uint64, timelock uint64, bond *big.Int) []byte {
	enc, err := governance.abi.Pack("moveWindows", challenge, timelock, bond)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMoveWindows is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3f5465d8.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function moveWindows(uint64 challenge, uint64 timelock_, uint96 bond) returns(uint256 id)
func (governance *Governance) TryPackMoveWindows(challenge uint64, timelock uint64, bond *big.Int) ([]byte, error) {
	return governance.abi.Pack("moveWindows", challenge, timelock, bond)
}

// UnpackMoveWindows is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x3f5465d8.
//
// Solidity: function moveWindows(uint64 challenge, uint64 timelock_, uint96 bond) returns(uint256 id)
func (governance *Governance) UnpackMoveWindows(data []byte) (*big.Int, error) {
	out, err := governance.abi.Unpack("moveWindows", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackPayouts is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa247bc32.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function payouts() view returns(uint256)
func (governance *Governance) PackPayouts() []byte {
	enc, err := governance.abi.Pack("payouts")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPayouts is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa247bc32.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function payouts() view returns(uint256)
func (governance *Governance) TryPackPayouts() ([]byte, error) {
	return governance.abi.Pack("payouts")
}

// UnpackPayouts is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xa247bc32.
//
// Solidity: function payouts() view returns(uint256)
func (governance *Governance) UnpackPayouts(data []byte) (*big.Int, error) {
	out, err := governance.abi.Unpack("payouts", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackQuorum is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x1703a018.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function quorum() view returns(uint256)
func (governance *Governance) PackQuorum() []byte {
	enc, err := governance.abi.Pack("quorum")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackQuorum is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x1703a018.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function quorum() view returns(uint256)
func (governance *Governance) TryPackQuorum() ([]byte, error) {
	return governance.abi.Pack("quorum")
}

// UnpackQuorum is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x1703a018.
//
// Solidity: function quorum() view returns(uint256)
func (governance *Governance) UnpackQuorum(data []byte) (*big.Int, error) {
	out, err := governance.abi.Unpack("quorum", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackRules is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x19a747fc.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function rules(uint64 epoch) view returns(bytes32)
func (governance *Governance) PackRules(epoch uint64) []byte {
	enc, err := governance.abi.Pack("rules", epoch)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRules is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x19a747fc.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function rules(uint64 epoch) view returns(bytes32)
func (governance *Governance) TryPackRules(epoch uint64) ([]byte, error) {
	return governance.abi.Pack("rules", epoch)
}

// UnpackRules is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x19a747fc.
//
// Solidity: function rules(uint64 epoch) view returns(bytes32)
func (governance *Governance) UnpackRules(data []byte) ([32]byte, error) {
	out, err := governance.abi.Unpack("rules", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackStakes is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xad09c7ce.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function stakes() view returns(address)
func (governance *Governance) PackStakes() []byte {
	enc, err := governance.abi.Pack("stakes")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackStakes is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xad09c7ce.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function stakes() view returns(address)
func (governance *Governance) TryPackStakes() ([]byte, error) {
	return governance.abi.Pack("stakes")
}

// UnpackStakes is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xad09c7ce.
//
// Solidity: function stakes() view returns(address)
func (governance *Governance) UnpackStakes(data []byte) (common.Address, error) {
	out, err := governance.abi.Unpack("stakes", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackTimelock is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd33219b4.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function timelock() view returns(uint64)
func (governance *Governance) PackTimelock() []byte {
	enc, err := governance.abi.Pack("timelock")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTimelock is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd33219b4.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function timelock() view returns(uint64)
func (governance *Governance) TryPackTimelock() ([]byte, error) {
	return governance.abi.Pack("timelock")
}

// UnpackTimelock is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xd33219b4.
//
// Solidity: function timelock() view returns(uint64)
func (governance *Governance) UnpackTimelock(data []byte) (uint64, error) {
	out, err := governance.abi.Unpack("timelock", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackVote is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc9d27afe.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function vote(uint256 id, bool yes) returns()
func (governance *Governance) PackVote(id *big.Int, yes bool) []byte {
	enc, err := governance.abi.Pack("vote", id, yes)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackVote is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc9d27afe.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function vote(uint256 id, bool yes) returns()
func (governance *Governance) TryPackVote(id *big.Int, yes bool) ([]byte, error) {
	return governance.abi.Pack("vote", id, yes)
}

// PackVoted is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x5277b4ae.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function voted(uint256 motion, address account) view returns(bool)
func (governance *Governance) PackVoted(motion *big.Int, account common.Address) []byte {
	enc, err := governance.abi.Pack("voted", motion, account)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackVoted is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x5277b4ae.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function voted(uint256 motion, address account) view returns(bool)
func (governance *Governance) TryPackVoted(motion *big.Int, account common.Address) ([]byte, error) {
	return governance.abi.Pack("voted", motion, account)
}

// UnpackVoted is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x5277b4ae.
//
// Solidity: function voted(uint256 motion, address account) view returns(bool)
func (governance *Governance) UnpackVoted(data []byte) (bool, error) {
	out, err := governance.abi.Unpack("voted", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackVotingPeriod is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x02a251a3.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function votingPeriod() view returns(uint64)
func (governance *Governance) PackVotingPeriod() []byte {
	enc, err := governance.abi.Pack("votingPeriod")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackVotingPeriod is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x02a251a3.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function votingPeriod() view returns(uint64)
func (governance *Governance) TryPackVotingPeriod() ([]byte, error) {
	return governance.abi.Pack("votingPeriod")
}

// UnpackVotingPeriod is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x02a251a3.
//
// Solidity: function votingPeriod() view returns(uint64)
func (governance *Governance) UnpackVotingPeriod(data []byte) (uint64, error) {
	out, err := governance.abi.Unpack("votingPeriod", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// GovernanceExecuted represents a Executed event raised by the Governance contract.
type GovernanceExecuted struct {
	Id  *big.Int
	Raw *types.Log // Blockchain specific contextual infos
}

const GovernanceExecutedEventName = "Executed"

// ContractEventName returns the user-defined event name.
func (GovernanceExecuted) ContractEventName() string {
	return GovernanceExecutedEventName
}

// UnpackExecutedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Executed(uint256 indexed id)
func (governance *Governance) UnpackExecutedEvent(log *types.Log) (*GovernanceExecuted, error) {
	event := "Executed"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != governance.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(GovernanceExecuted)
	if len(log.Data) > 0 {
		if err := governance.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range governance.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// GovernanceMoved represents a Moved event raised by the Governance contract.
type GovernanceMoved struct {
	Id           *big.Int
	Kind         uint8
	Mover        common.Address
	A            *big.Int
	B            *big.Int
	C            *big.Int
	Snapshot     uint64
	VoteUntil    uint64
	ExecuteFrom  uint64
	ExecuteUntil uint64
	Needed       *big.Int
	Raw          *types.Log // Blockchain specific contextual infos
}

const GovernanceMovedEventName = "Moved"

// ContractEventName returns the user-defined event name.
func (GovernanceMoved) ContractEventName() string {
	return GovernanceMovedEventName
}

// UnpackMovedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Moved(uint256 indexed id, uint8 indexed kind, address indexed mover, uint256 a, uint256 b, uint256 c, uint64 snapshot, uint64 voteUntil, uint64 executeFrom, uint64 executeUntil, uint256 needed)
func (governance *Governance) UnpackMovedEvent(log *types.Log) (*GovernanceMoved, error) {
	event := "Moved"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != governance.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(GovernanceMoved)
	if len(log.Data) > 0 {
		if err := governance.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range governance.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// GovernancePayout represents a Payout event raised by the Governance contract.
type GovernancePayout struct {
	Id     *big.Int
	To     common.Address
	Amount *big.Int
	Raw    *types.Log // Blockchain specific contextual infos
}

const GovernancePayoutEventName = "Payout"

// ContractEventName returns the user-defined event name.
func (GovernancePayout) ContractEventName() string {
	return GovernancePayoutEventName
}

// UnpackPayoutEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Payout(uint256 indexed id, address indexed to, uint256 amount)
func (governance *Governance) UnpackPayoutEvent(log *types.Log) (*GovernancePayout, error) {
	event := "Payout"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != governance.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(GovernancePayout)
	if len(log.Data) > 0 {
		if err := governance.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range governance.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// GovernanceRulesSet represents a RulesSet event raised by the Governance contract.
type GovernanceRulesSet struct {
	Epoch uint64
	Hash  [32]byte
	Raw   *types.Log // Blockchain specific contextual infos
}

const GovernanceRulesSetEventName = "RulesSet"

// ContractEventName returns the user-defined event name.
func (GovernanceRulesSet) ContractEventName() string {
	return GovernanceRulesSetEventName
}

// UnpackRulesSetEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event RulesSet(uint64 indexed epoch, bytes32 hash)
func (governance *Governance) UnpackRulesSetEvent(log *types.Log) (*GovernanceRulesSet, error) {
	event := "RulesSet"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != governance.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(GovernanceRulesSet)
	if len(log.Data) > 0 {
		if err := governance.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range governance.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// GovernanceVoted represents a Voted event raised by the Governance contract.
type GovernanceVoted struct {
	Id      *big.Int
	Account common.Address
	Yes     bool
	Power   *big.Int
	Raw     *types.Log // Blockchain specific contextual infos
}

const GovernanceVotedEventName = "Voted"

// ContractEventName returns the user-defined event name.
func (GovernanceVoted) ContractEventName() string {
	return GovernanceVotedEventName
}

// UnpackVotedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Voted(uint256 indexed id, address indexed account, bool yes, uint256 power)
func (governance *Governance) UnpackVotedEvent(log *types.Log) (*GovernanceVoted, error) {
	event := "Voted"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != governance.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(GovernanceVoted)
	if len(log.Data) > 0 {
		if err := governance.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range governance.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (governance *Governance) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], governance.abi.Errors["AlreadyExecuted"].ID.Bytes()[:4]) {
		return governance.UnpackAlreadyExecutedError(raw[4:])
	}
	if bytes.Equal(raw[:4], governance.abi.Errors["AlreadyVoted"].ID.Bytes()[:4]) {
		return governance.UnpackAlreadyVotedError(raw[4:])
	}
	if bytes.Equal(raw[:4], governance.abi.Errors["EpochBegun"].ID.Bytes()[:4]) {
		return governance.UnpackEpochBegunError(raw[4:])
	}
	if bytes.Equal(raw[:4], governance.abi.Errors["MoreThanProtection"].ID.Bytes()[:4]) {
		return governance.UnpackMoreThanProtectionError(raw[4:])
	}
	if bytes.Equal(raw[:4], governance.abi.Errors["NotChallenged"].ID.Bytes()[:4]) {
		return governance.UnpackNotChallengedError(raw[4:])
	}
	if bytes.Equal(raw[:4], governance.abi.Errors["NotPassed"].ID.Bytes()[:4]) {
		return governance.UnpackNotPassedError(raw[4:])
	}
	if bytes.Equal(raw[:4], governance.abi.Errors["OutOfBounds"].ID.Bytes()[:4]) {
		return governance.UnpackOutOfBoundsError(raw[4:])
	}
	if bytes.Equal(raw[:4], governance.abi.Errors["TooEarly"].ID.Bytes()[:4]) {
		return governance.UnpackTooEarlyError(raw[4:])
	}
	if bytes.Equal(raw[:4], governance.abi.Errors["TooLate"].ID.Bytes()[:4]) {
		return governance.UnpackTooLateError(raw[4:])
	}
	if bytes.Equal(raw[:4], governance.abi.Errors["TooLittlePower"].ID.Bytes()[:4]) {
		return governance.UnpackTooLittlePowerError(raw[4:])
	}
	if bytes.Equal(raw[:4], governance.abi.Errors["UnknownMotion"].ID.Bytes()[:4]) {
		return governance.UnpackUnknownMotionError(raw[4:])
	}
	if bytes.Equal(raw[:4], governance.abi.Errors["VoteOver"].ID.Bytes()[:4]) {
		return governance.UnpackVoteOverError(raw[4:])
	}
	if bytes.Equal(raw[:4], governance.abi.Errors["ZeroAddress"].ID.Bytes()[:4]) {
		return governance.UnpackZeroAddressError(raw[4:])
	}
	if bytes.Equal(raw[:4], governance.abi.Errors["ZeroAmount"].ID.Bytes()[:4]) {
		return governance.UnpackZeroAmountError(raw[4:])
	}
	if bytes.Equal(raw[:4], governance.abi.Errors["ZeroHash"].ID.Bytes()[:4]) {
		return governance.UnpackZeroHashError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// GovernanceAlreadyExecuted represents a AlreadyExecuted error raised by the Governance contract.
type GovernanceAlreadyExecuted struct {
	Id *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error AlreadyExecuted(uint256 id)
func GovernanceAlreadyExecutedErrorID() common.Hash {
	return common.HexToHash("0x6a64e96196958c70761af5d672b067e0b1158a0e5e6c46002b6a3d89bed298a7")
}

// UnpackAlreadyExecutedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error AlreadyExecuted(uint256 id)
func (governance *Governance) UnpackAlreadyExecutedError(raw []byte) (*GovernanceAlreadyExecuted, error) {
	out := new(GovernanceAlreadyExecuted)
	if err := governance.abi.UnpackIntoInterface(out, "AlreadyExecuted", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// GovernanceAlreadyVoted represents a AlreadyVoted error raised by the Governance contract.
type GovernanceAlreadyVoted struct {
	Id      *big.Int
	Account common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error AlreadyVoted(uint256 id, address account)
func GovernanceAlreadyVotedErrorID() common.Hash {
	return common.HexToHash("0x04f9da634a3ce855cf7785808a673a41608288999dcd1d08e55bb33c69118f4a")
}

// UnpackAlreadyVotedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error AlreadyVoted(uint256 id, address account)
func (governance *Governance) UnpackAlreadyVotedError(raw []byte) (*GovernanceAlreadyVoted, error) {
	out := new(GovernanceAlreadyVoted)
	if err := governance.abi.UnpackIntoInterface(out, "AlreadyVoted", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// GovernanceEpochBegun represents a EpochBegun error raised by the Governance contract.
type GovernanceEpochBegun struct {
	Epoch   uint64
	Current uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error EpochBegun(uint64 epoch, uint64 current)
func GovernanceEpochBegunErrorID() common.Hash {
	return common.HexToHash("0x88606760763e0fd4195e014913486e3d22816fda5f3ad4b2b7ed29eec494aa13")
}

// UnpackEpochBegunError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error EpochBegun(uint64 epoch, uint64 current)
func (governance *Governance) UnpackEpochBegunError(raw []byte) (*GovernanceEpochBegun, error) {
	out := new(GovernanceEpochBegun)
	if err := governance.abi.UnpackIntoInterface(out, "EpochBegun", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// GovernanceMoreThanProtection represents a MoreThanProtection error raised by the Governance contract.
type GovernanceMoreThanProtection struct {
	Amount *big.Int
	Left   *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error MoreThanProtection(uint256 amount, uint256 left)
func GovernanceMoreThanProtectionErrorID() common.Hash {
	return common.HexToHash("0x825a566c15ce0592834a308c5540dbdcdfac59d0af31ce84b63e2c1ae7346fc9")
}

// UnpackMoreThanProtectionError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error MoreThanProtection(uint256 amount, uint256 left)
func (governance *Governance) UnpackMoreThanProtectionError(raw []byte) (*GovernanceMoreThanProtection, error) {
	out := new(GovernanceMoreThanProtection)
	if err := governance.abi.UnpackIntoInterface(out, "MoreThanProtection", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// GovernanceNotChallenged represents a NotChallenged error raised by the Governance contract.
type GovernanceNotChallenged struct {
	Root *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotChallenged(uint256 root)
func GovernanceNotChallengedErrorID() common.Hash {
	return common.HexToHash("0x20d72c768c08c4aabd3d4f5a20aa88bd3c671928b6c92e2bd0270ad0e39d5b41")
}

// UnpackNotChallengedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotChallenged(uint256 root)
func (governance *Governance) UnpackNotChallengedError(raw []byte) (*GovernanceNotChallenged, error) {
	out := new(GovernanceNotChallenged)
	if err := governance.abi.UnpackIntoInterface(out, "NotChallenged", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// GovernanceNotPassed represents a NotPassed error raised by the Governance contract.
type GovernanceNotPassed struct {
	Id     *big.Int
	Yes    *big.Int
	No     *big.Int
	Needed *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotPassed(uint256 id, uint256 yes, uint256 no, uint256 needed)
func GovernanceNotPassedErrorID() common.Hash {
	return common.HexToHash("0xfec303914e6aa5a0ef50b7edf2b86c2122271c4948b8680d90475cb8f9a614d0")
}

// UnpackNotPassedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotPassed(uint256 id, uint256 yes, uint256 no, uint256 needed)
func (governance *Governance) UnpackNotPassedError(raw []byte) (*GovernanceNotPassed, error) {
	out := new(GovernanceNotPassed)
	if err := governance.abi.UnpackIntoInterface(out, "NotPassed", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// GovernanceOutOfBounds represents a OutOfBounds error raised by the Governance contract.
type GovernanceOutOfBounds struct {
	Value *big.Int
	Least *big.Int
	Most  *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OutOfBounds(uint256 value, uint256 least, uint256 most)
func GovernanceOutOfBoundsErrorID() common.Hash {
	return common.HexToHash("0xeb373cfea5f505ff7d4197290d41f01f7dfa600968a239ebd160730ce369f565")
}

// UnpackOutOfBoundsError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OutOfBounds(uint256 value, uint256 least, uint256 most)
func (governance *Governance) UnpackOutOfBoundsError(raw []byte) (*GovernanceOutOfBounds, error) {
	out := new(GovernanceOutOfBounds)
	if err := governance.abi.UnpackIntoInterface(out, "OutOfBounds", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// GovernanceTooEarly represents a TooEarly error raised by the Governance contract.
type GovernanceTooEarly struct {
	From *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error TooEarly(uint256 from)
func GovernanceTooEarlyErrorID() common.Hash {
	return common.HexToHash("0x2a35a3246d5070e2b118858c24c2c4d23eaebe645b92ab746b92dd600c35a9d7")
}

// UnpackTooEarlyError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error TooEarly(uint256 from)
func (governance *Governance) UnpackTooEarlyError(raw []byte) (*GovernanceTooEarly, error) {
	out := new(GovernanceTooEarly)
	if err := governance.abi.UnpackIntoInterface(out, "TooEarly", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// GovernanceTooLate represents a TooLate error raised by the Governance contract.
type GovernanceTooLate struct {
	Until *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error TooLate(uint256 until)
func GovernanceTooLateErrorID() common.Hash {
	return common.HexToHash("0x691e5682c05af91a82d806fceac093f8891d2c453dfc42c67196c1ccdb7b8be1")
}

// UnpackTooLateError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error TooLate(uint256 until)
func (governance *Governance) UnpackTooLateError(raw []byte) (*GovernanceTooLate, error) {
	out := new(GovernanceTooLate)
	if err := governance.abi.UnpackIntoInterface(out, "TooLate", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// GovernanceTooLittlePower represents a TooLittlePower error raised by the Governance contract.
type GovernanceTooLittlePower struct {
	Power  *big.Int
	Needed *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error TooLittlePower(uint256 power, uint256 needed)
func GovernanceTooLittlePowerErrorID() common.Hash {
	return common.HexToHash("0x47d2b8b0be1e1f30c81f82e0426bbc9481de4cafde8896fd67091094f822a5d7")
}

// UnpackTooLittlePowerError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error TooLittlePower(uint256 power, uint256 needed)
func (governance *Governance) UnpackTooLittlePowerError(raw []byte) (*GovernanceTooLittlePower, error) {
	out := new(GovernanceTooLittlePower)
	if err := governance.abi.UnpackIntoInterface(out, "TooLittlePower", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// GovernanceUnknownMotion represents a UnknownMotion error raised by the Governance contract.
type GovernanceUnknownMotion struct {
	Id *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error UnknownMotion(uint256 id)
func GovernanceUnknownMotionErrorID() common.Hash {
	return common.HexToHash("0xd43efab7c6ffb8b4be728b350492ce49bef574b1d2910cc684f0b3406ee091d1")
}

// UnpackUnknownMotionError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error UnknownMotion(uint256 id)
func (governance *Governance) UnpackUnknownMotionError(raw []byte) (*GovernanceUnknownMotion, error) {
	out := new(GovernanceUnknownMotion)
	if err := governance.abi.UnpackIntoInterface(out, "UnknownMotion", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// GovernanceVoteOver represents a VoteOver error raised by the Governance contract.
type GovernanceVoteOver struct {
	Until *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VoteOver(uint256 until)
func GovernanceVoteOverErrorID() common.Hash {
	return common.HexToHash("0x9f12c696efcaf2d81612d5848f4d50b222b918da002f5c87936067e3224ddacd")
}

// UnpackVoteOverError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VoteOver(uint256 until)
func (governance *Governance) UnpackVoteOverError(raw []byte) (*GovernanceVoteOver, error) {
	out := new(GovernanceVoteOver)
	if err := governance.abi.UnpackIntoInterface(out, "VoteOver", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// GovernanceZeroAddress represents a ZeroAddress error raised by the Governance contract.
type GovernanceZeroAddress struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ZeroAddress()
func GovernanceZeroAddressErrorID() common.Hash {
	return common.HexToHash("0xd92e233df2717d4a40030e20904abd27b68fcbeede117eaaccbbdac9618c8c73")
}

// UnpackZeroAddressError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ZeroAddress()
func (governance *Governance) UnpackZeroAddressError(raw []byte) (*GovernanceZeroAddress, error) {
	out := new(GovernanceZeroAddress)
	if err := governance.abi.UnpackIntoInterface(out, "ZeroAddress", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// GovernanceZeroAmount represents a ZeroAmount error raised by the Governance contract.
type GovernanceZeroAmount struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ZeroAmount()
func GovernanceZeroAmountErrorID() common.Hash {
	return common.HexToHash("0x1f2a2005cb66a8e145327e8814e243a0996aec9bfe1e15a495778b1236dbd485")
}

// UnpackZeroAmountError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ZeroAmount()
func (governance *Governance) UnpackZeroAmountError(raw []byte) (*GovernanceZeroAmount, error) {
	out := new(GovernanceZeroAmount)
	if err := governance.abi.UnpackIntoInterface(out, "ZeroAmount", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// GovernanceZeroHash represents a ZeroHash error raised by the Governance contract.
type GovernanceZeroHash struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ZeroHash()
func GovernanceZeroHashErrorID() common.Hash {
	return common.HexToHash("0xf1ae58d53750b958ce0ecfcfb8703282d23f4108c501df126d4c9e83b187c78e")
}

// UnpackZeroHashError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ZeroHash()
func (governance *Governance) UnpackZeroHashError(raw []byte) (*GovernanceZeroHash, error) {
	out := new(GovernanceZeroHash)
	if err := governance.abi.UnpackIntoInterface(out, "ZeroHash", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// KeyMetaData contains all meta data concerning the Key contract.
var KeyMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"internalType\":\"address\",\"name\":\"minter_\",\"type\":\"address\"}],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"minted\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"CapExceeded\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ECDSAInvalidSignature\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"length\",\"type\":\"uint256\"}],\"name\":\"ECDSAInvalidSignatureLength\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"s\",\"type\":\"bytes32\"}],\"name\":\"ECDSAInvalidSignatureS\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"spender\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"allowance\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"needed\",\"type\":\"uint256\"}],\"name\":\"ERC20InsufficientAllowance\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"sender\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"balance\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"needed\",\"type\":\"uint256\"}],\"name\":\"ERC20InsufficientBalance\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"approver\",\"type\":\"address\"}],\"name\":\"ERC20InvalidApprover\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"receiver\",\"type\":\"address\"}],\"name\":\"ERC20InvalidReceiver\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"sender\",\"type\":\"address\"}],\"name\":\"ERC20InvalidSender\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"spender\",\"type\":\"address\"}],\"name\":\"ERC20InvalidSpender\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"deadline\",\"type\":\"uint256\"}],\"name\":\"ERC2612ExpiredSignature\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"signer\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"}],\"name\":\"ERC2612InvalidSigner\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"currentNonce\",\"type\":\"uint256\"}],\"name\":\"InvalidAccountNonce\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"InvalidShortString\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"caller\",\"type\":\"address\"}],\"name\":\"NotMinter\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"string\",\"name\":\"str\",\"type\":\"string\"}],\"name\":\"StringTooLong\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ZeroAddress\",\"type\":\"error\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"spender\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"value\",\"type\":\"uint256\"}],\"name\":\"Approval\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"subject\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"Burned\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[],\"name\":\"EIP712DomainChanged\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"from\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"value\",\"type\":\"uint256\"}],\"name\":\"Transfer\",\"type\":\"event\"},{\"inputs\":[],\"name\":\"CAP\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"DOMAIN_SEPARATOR\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"spender\",\"type\":\"address\"}],\"name\":\"allowance\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"spender\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"value\",\"type\":\"uint256\"}],\"name\":\"approve\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"}],\"name\":\"balanceOf\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"burn\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"subject\",\"type\":\"bytes32\"}],\"name\":\"burnFor\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"burned\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"decimals\",\"outputs\":[{\"internalType\":\"uint8\",\"name\":\"\",\"type\":\"uint8\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"eip712Domain\",\"outputs\":[{\"internalType\":\"bytes1\",\"name\":\"fields\",\"type\":\"bytes1\"},{\"internalType\":\"string\",\"name\":\"name\",\"type\":\"string\"},{\"internalType\":\"string\",\"name\":\"version\",\"type\":\"string\"},{\"internalType\":\"uint256\",\"name\":\"chainId\",\"type\":\"uint256\"},{\"internalType\":\"address\",\"name\":\"verifyingContract\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"salt\",\"type\":\"bytes32\"},{\"internalType\":\"uint256[]\",\"name\":\"extensions\",\"type\":\"uint256[]\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"mint\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"minted\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"minter\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"name\",\"outputs\":[{\"internalType\":\"string\",\"name\":\"\",\"type\":\"string\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"}],\"name\":\"nonces\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"spender\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"value\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"deadline\",\"type\":\"uint256\"},{\"internalType\":\"uint8\",\"name\":\"v\",\"type\":\"uint8\"},{\"internalType\":\"bytes32\",\"name\":\"r\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"s\",\"type\":\"bytes32\"}],\"name\":\"permit\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"symbol\",\"outputs\":[{\"internalType\":\"string\",\"name\":\"\",\"type\":\"string\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"totalSupply\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"value\",\"type\":\"uint256\"}],\"name\":\"transfer\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"from\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"value\",\"type\":\"uint256\"}],\"name\":\"transferFrom\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"}]",
	ID:  "Key",
}

// Key is an auto generated Go binding around an Ethereum contract.
type Key struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *Key) GetABI() abi.ABI {
	return c.abi
}

// NewKey creates a new instance of Key.
func NewKey() *Key {
	parsed, err := KeyMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &Key{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *Key) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackConstructor is the Go binding used to pack the parameters required for
// contract deployment.
//
// Solidity: constructor(address minter_) returns()
func (key *Key) PackConstructor(minter_ common.Address) []byte {
	enc, err := key.abi.Pack("", minter_)
	if err != nil {
		panic(err)
	}
	return enc
}

// PackCAP is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xec81b483.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function CAP() view returns(uint256)
func (key *Key) PackCAP() []byte {
	enc, err := key.abi.Pack("CAP")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCAP is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xec81b483.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function CAP() view returns(uint256)
func (key *Key) TryPackCAP() ([]byte, error) {
	return key.abi.Pack("CAP")
}

// UnpackCAP is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xec81b483.
//
// Solidity: function CAP() view returns(uint256)
func (key *Key) UnpackCAP(data []byte) (*big.Int, error) {
	out, err := key.abi.Unpack("CAP", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackDOMAINSEPARATOR is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3644e515.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function DOMAIN_SEPARATOR() view returns(bytes32)
func (key *Key) PackDOMAINSEPARATOR() []byte {
	enc, err := key.abi.Pack("DOMAIN_SEPARATOR")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDOMAINSEPARATOR is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3644e515.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function DOMAIN_SEPARATOR() view returns(bytes32)
func (key *Key) TryPackDOMAINSEPARATOR() ([]byte, error) {
	return key.abi.Pack("DOMAIN_SEPARATOR")
}

// UnpackDOMAINSEPARATOR is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x3644e515.
//
// Solidity: function DOMAIN_SEPARATOR() view returns(bytes32)
func (key *Key) UnpackDOMAINSEPARATOR(data []byte) ([32]byte, error) {
	out, err := key.abi.Unpack("DOMAIN_SEPARATOR", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackAllowance is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdd62ed3e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function allowance(address owner, address spender) view returns(uint256)
func (key *Key) PackAllowance(owner common.Address, spender common.Address) []byte {
	enc, err := key.abi.Pack("allowance", owner, spender)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackAllowance is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdd62ed3e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function allowance(address owner, address spender) view returns(uint256)
func (key *Key) TryPackAllowance(owner common.Address, spender common.Address) ([]byte, error) {
	return key.abi.Pack("allowance", owner, spender)
}

// UnpackAllowance is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xdd62ed3e.
//
// Solidity: function allowance(address owner, address spender) view returns(uint256)
func (key *Key) UnpackAllowance(data []byte) (*big.Int, error) {
	out, err := key.abi.Unpack("allowance", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackApprove is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x095ea7b3.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function approve(address spender, uint256 value) returns(bool)
func (key *Key) PackApprove(spender common.Address, value *big.Int) []byte {
	enc, err := key.abi.Pack("approve", spender, value)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackApprove is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x095ea7b3.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function approve(address spender, uint256 value) returns(bool)
func (key *Key) TryPackApprove(spender common.Address, value *big.Int) ([]byte, error) {
	return key.abi.Pack("approve", spender, value)
}

// UnpackApprove is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x095ea7b3.
//
// Solidity: function approve(address spender, uint256 value) returns(bool)
func (key *Key) UnpackApprove(data []byte) (bool, error) {
	out, err := key.abi.Unpack("approve", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackBalanceOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x70a08231.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function balanceOf(address account) view returns(uint256)
func (key *Key) PackBalanceOf(account common.Address) []byte {
	enc, err := key.abi.Pack("balanceOf", account)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackBalanceOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x70a08231.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function balanceOf(address account) view returns(uint256)
func (key *Key) TryPackBalanceOf(account common.Address) ([]byte, error) {
	return key.abi.Pack("balanceOf", account)
}

// UnpackBalanceOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x70a08231.
//
// Solidity: function balanceOf(address account) view returns(uint256)
func (key *Key) UnpackBalanceOf(data []byte) (*big.Int, error) {
	out, err := key.abi.Unpack("balanceOf", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackBurn is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x42966c68.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function burn(uint256 amount) returns()
func (key *Key) PackBurn(amount *big.Int) []byte {
	enc, err := key.abi.Pack("burn", amount)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackBurn is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x42966c68.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function burn(uint256 amount) returns()
func (key *Key) TryPackBurn(amount *big.Int) ([]byte, error) {
	return key.abi.Pack("burn", amount)
}

// PackBurnFor is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x5f02f191.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function burnFor(uint256 amount, bytes32 subject) returns()
func (key *Key) PackBurnFor(amount *big.Int, subject [32]byte) []byte {
	enc, err := key.abi.Pack("burnFor", amount, subject)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackBurnFor is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x5f02f191.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function burnFor(uint256 amount, bytes32 subject) returns()
func (key *Key) TryPackBurnFor(amount *big.Int, subject [32]byte) ([]byte, error) {
	return key.abi.Pack("burnFor", amount, subject)
}

// PackBurned is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x73f42561.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function burned() view returns(uint256)
func (key *Key) PackBurned() []byte {
	enc, err := key.abi.Pack("burned")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackBurned is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x73f42561.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function burned() view returns(uint256)
func (key *Key) TryPackBurned() ([]byte, error) {
	return key.abi.Pack("burned")
}

// UnpackBurned is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x73f42561.
//
// Solidity: function burned() view returns(uint256)
func (key *Key) UnpackBurned(data []byte) (*big.Int, error) {
	out, err := key.abi.Unpack("burned", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackDecimals is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x313ce567.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function decimals() view returns(uint8)
func (key *Key) PackDecimals() []byte {
	enc, err := key.abi.Pack("decimals")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDecimals is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x313ce567.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function decimals() view returns(uint8)
func (key *Key) TryPackDecimals() ([]byte, error) {
	return key.abi.Pack("decimals")
}

// UnpackDecimals is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x313ce567.
//
// Solidity: function decimals() view returns(uint8)
func (key *Key) UnpackDecimals(data []byte) (uint8, error) {
	out, err := key.abi.Unpack("decimals", data)
	if err != nil {
		return *new(uint8), err
	}
	out0 := *abi.ConvertType(out[0], new(uint8)).(*uint8)
	return out0, nil
}

// PackEip712Domain is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x84b0196e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function eip712Domain() view returns(bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)
func (key *Key) PackEip712Domain() []byte {
	enc, err := key.abi.Pack("eip712Domain")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackEip712Domain is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x84b0196e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function eip712Domain() view returns(bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)
func (key *Key) TryPackEip712Domain() ([]byte, error) {
	return key.abi.Pack("eip712Domain")
}

// Eip712DomainOutput serves as a container for the return parameters of contract
// method Eip712Domain.
type Eip712DomainOutput struct {
	Fields            [1]byte
	Name              string
	Version           string
	ChainId           *big.Int
	VerifyingContract common.Address
	Salt              [32]byte
	Extensions        []*big.Int
}

// UnpackEip712Domain is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x84b0196e.
//
// Solidity: function eip712Domain() view returns(bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)
func (key *Key) UnpackEip712Domain(data []byte) (Eip712DomainOutput, error) {
	out, err := key.abi.Unpack("eip712Domain", data)
	outstruct := new(Eip712DomainOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Fields = *abi.ConvertType(out[0], new([1]byte)).(*[1]byte)
	outstruct.Name = *abi.ConvertType(out[1], new(string)).(*string)
	outstruct.Version = *abi.ConvertType(out[2], new(string)).(*string)
	outstruct.ChainId = abi.ConvertType(out[3], new(big.Int)).(*big.Int)
	outstruct.VerifyingContract = *abi.ConvertType(out[4], new(common.Address)).(*common.Address)
	outstruct.Salt = *abi.ConvertType(out[5], new([32]byte)).(*[32]byte)
	outstruct.Extensions = *abi.ConvertType(out[6], new([]*big.Int)).(*[]*big.Int)
	return *outstruct, nil
}

// PackMint is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x40c10f19.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function mint(address to, uint256 amount) returns()
func (key *Key) PackMint(to common.Address, amount *big.Int) []byte {
	enc, err := key.abi.Pack("mint", to, amount)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMint is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x40c10f19.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function mint(address to, uint256 amount) returns()
func (key *Key) TryPackMint(to common.Address, amount *big.Int) ([]byte, error) {
	return key.abi.Pack("mint", to, amount)
}

// PackMinted is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x4f02c420.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function minted() view returns(uint256)
func (key *Key) PackMinted() []byte {
	enc, err := key.abi.Pack("minted")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMinted is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x4f02c420.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function minted() view returns(uint256)
func (key *Key) TryPackMinted() ([]byte, error) {
	return key.abi.Pack("minted")
}

// UnpackMinted is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x4f02c420.
//
// Solidity: function minted() view returns(uint256)
func (key *Key) UnpackMinted(data []byte) (*big.Int, error) {
	out, err := key.abi.Unpack("minted", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackMinter is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x07546172.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function minter() view returns(address)
func (key *Key) PackMinter() []byte {
	enc, err := key.abi.Pack("minter")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMinter is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x07546172.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function minter() view returns(address)
func (key *Key) TryPackMinter() ([]byte, error) {
	return key.abi.Pack("minter")
}

// UnpackMinter is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x07546172.
//
// Solidity: function minter() view returns(address)
func (key *Key) UnpackMinter(data []byte) (common.Address, error) {
	out, err := key.abi.Unpack("minter", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackName is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x06fdde03.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function name() view returns(string)
func (key *Key) PackName() []byte {
	enc, err := key.abi.Pack("name")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackName is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x06fdde03.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function name() view returns(string)
func (key *Key) TryPackName() ([]byte, error) {
	return key.abi.Pack("name")
}

// UnpackName is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x06fdde03.
//
// Solidity: function name() view returns(string)
func (key *Key) UnpackName(data []byte) (string, error) {
	out, err := key.abi.Unpack("name", data)
	if err != nil {
		return *new(string), err
	}
	out0 := *abi.ConvertType(out[0], new(string)).(*string)
	return out0, nil
}

// PackNonces is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7ecebe00.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function nonces(address owner) view returns(uint256)
func (key *Key) PackNonces(owner common.Address) []byte {
	enc, err := key.abi.Pack("nonces", owner)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackNonces is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7ecebe00.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function nonces(address owner) view returns(uint256)
func (key *Key) TryPackNonces(owner common.Address) ([]byte, error) {
	return key.abi.Pack("nonces", owner)
}

// UnpackNonces is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x7ecebe00.
//
// Solidity: function nonces(address owner) view returns(uint256)
func (key *Key) UnpackNonces(data []byte) (*big.Int, error) {
	out, err := key.abi.Unpack("nonces", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackPermit is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd505accf.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) returns()
func (key *Key) PackPermit(owner common.Address, spender common.Address, value *big.Int, deadline *big.Int, v uint8, r [32]byte, s [32]byte) []byte {
	enc, err := key.abi.Pack("permit", owner, spender, value, deadline, v, r, s)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPermit is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd505accf.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) returns()
func (key *Key) TryPackPermit(owner common.Address, spender common.Address, value *big.Int, deadline *big.Int, v uint8, r [32]byte, s [32]byte) ([]byte, error) {
	return key.abi.Pack("permit", owner, spender, value, deadline, v, r, s)
}

// PackSymbol is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x95d89b41.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function symbol() view returns(string)
func (key *Key) PackSymbol() []byte {
	enc, err := key.abi.Pack("symbol")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSymbol is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x95d89b41.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function symbol() view returns(string)
func (key *Key) TryPackSymbol() ([]byte, error) {
	return key.abi.Pack("symbol")
}

// UnpackSymbol is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x95d89b41.
//
// Solidity: function symbol() view returns(string)
func (key *Key) UnpackSymbol(data []byte) (string, error) {
	out, err := key.abi.Unpack("symbol", data)
	if err != nil {
		return *new(string), err
	}
	out0 := *abi.ConvertType(out[0], new(string)).(*string)
	return out0, nil
}

// PackTotalSupply is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x18160ddd.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function totalSupply() view returns(uint256)
func (key *Key) PackTotalSupply() []byte {
	enc, err := key.abi.Pack("totalSupply")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTotalSupply is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x18160ddd.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function totalSupply() view returns(uint256)
func (key *Key) TryPackTotalSupply() ([]byte, error) {
	return key.abi.Pack("totalSupply")
}

// UnpackTotalSupply is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x18160ddd.
//
// Solidity: function totalSupply() view returns(uint256)
func (key *Key) UnpackTotalSupply(data []byte) (*big.Int, error) {
	out, err := key.abi.Unpack("totalSupply", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackTransfer is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa9059cbb.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function transfer(address to, uint256 value) returns(bool)
func (key *Key) PackTransfer(to common.Address, value *big.Int) []byte {
	enc, err := key.abi.Pack("transfer", to, value)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTransfer is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa9059cbb.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function transfer(address to, uint256 value) returns(bool)
func (key *Key) TryPackTransfer(to common.Address, value *big.Int) ([]byte, error) {
	return key.abi.Pack("transfer", to, value)
}

// UnpackTransfer is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xa9059cbb.
//
// Solidity: function transfer(address to, uint256 value) returns(bool)
func (key *Key) UnpackTransfer(data []byte) (bool, error) {
	out, err := key.abi.Unpack("transfer", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackTransferFrom is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x23b872dd.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function transferFrom(address from, address to, uint256 value) returns(bool)
func (key *Key) PackTransferFrom(from common.Address, to common.Address, value *big.Int) []byte {
	enc, err := key.abi.Pack("transferFrom", from, to, value)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTransferFrom is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x23b872dd.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function transferFrom(address from, address to, uint256 value) returns(bool)
func (key *Key) TryPackTransferFrom(from common.Address, to common.Address, value *big.Int) ([]byte, error) {
	return key.abi.Pack("transferFrom", from, to, value)
}

// UnpackTransferFrom is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x23b872dd.
//
// Solidity: function transferFrom(address from, address to, uint256 value) returns(bool)
func (key *Key) UnpackTransferFrom(data []byte) (bool, error) {
	out, err := key.abi.Unpack("transferFrom", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// KeyApproval represents a Approval event raised by the Key contract.
type KeyApproval struct {
	Owner   common.Address
	Spender common.Address
	Value   *big.Int
	Raw     *types.Log // Blockchain specific contextual infos
}

const KeyApprovalEventName = "Approval"

// ContractEventName returns the user-defined event name.
func (KeyApproval) ContractEventName() string {
	return KeyApprovalEventName
}

// UnpackApprovalEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Approval(address indexed owner, address indexed spender, uint256 value)
func (key *Key) UnpackApprovalEvent(log *types.Log) (*KeyApproval, error) {
	event := "Approval"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != key.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(KeyApproval)
	if len(log.Data) > 0 {
		if err := key.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range key.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// KeyBurned represents a Burned event raised by the Key contract.
type KeyBurned struct {
	Account common.Address
	Subject [32]byte
	Amount  *big.Int
	Raw     *types.Log // Blockchain specific contextual infos
}

const KeyBurnedEventName = "Burned"

// ContractEventName returns the user-defined event name.
func (KeyBurned) ContractEventName() string {
	return KeyBurnedEventName
}

// UnpackBurnedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Burned(address indexed account, bytes32 indexed subject, uint256 amount)
func (key *Key) UnpackBurnedEvent(log *types.Log) (*KeyBurned, error) {
	event := "Burned"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != key.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(KeyBurned)
	if len(log.Data) > 0 {
		if err := key.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range key.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// KeyEIP712DomainChanged represents a EIP712DomainChanged event raised by the Key contract.
type KeyEIP712DomainChanged struct {
	Raw *types.Log // Blockchain specific contextual infos
}

const KeyEIP712DomainChangedEventName = "EIP712DomainChanged"

// ContractEventName returns the user-defined event name.
func (KeyEIP712DomainChanged) ContractEventName() string {
	return KeyEIP712DomainChangedEventName
}

// UnpackEIP712DomainChangedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event EIP712DomainChanged()
func (key *Key) UnpackEIP712DomainChangedEvent(log *types.Log) (*KeyEIP712DomainChanged, error) {
	event := "EIP712DomainChanged"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != key.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(KeyEIP712DomainChanged)
	if len(log.Data) > 0 {
		if err := key.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range key.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// KeyTransfer represents a Transfer event raised by the Key contract.
type KeyTransfer struct {
	From  common.Address
	To    common.Address
	Value *big.Int
	Raw   *types.Log // Blockchain specific contextual infos
}

const KeyTransferEventName = "Transfer"

// ContractEventName returns the user-defined event name.
func (KeyTransfer) ContractEventName() string {
	return KeyTransferEventName
}

// UnpackTransferEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Transfer(address indexed from, address indexed to, uint256 value)
func (key *Key) UnpackTransferEvent(log *types.Log) (*KeyTransfer, error) {
	event := "Transfer"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != key.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(KeyTransfer)
	if len(log.Data) > 0 {
		if err := key.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range key.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (key *Key) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], key.abi.Errors["CapExceeded"].ID.Bytes()[:4]) {
		return key.UnpackCapExceededError(raw[4:])
	}
	if bytes.Equal(raw[:4], key.abi.Errors["ECDSAInvalidSignature"].ID.Bytes()[:4]) {
		return key.UnpackECDSAInvalidSignatureError(raw[4:])
	}
	if bytes.Equal(raw[:4], key.abi.Errors["ECDSAInvalidSignatureLength"].ID.Bytes()[:4]) {
		return key.UnpackECDSAInvalidSignatureLengthError(raw[4:])
	}
	if bytes.Equal(raw[:4], key.abi.Errors["ECDSAInvalidSignatureS"].ID.Bytes()[:4]) {
		return key.UnpackECDSAInvalidSignatureSError(raw[4:])
	}
	if bytes.Equal(raw[:4], key.abi.Errors["ERC20InsufficientAllowance"].ID.Bytes()[:4]) {
		return key.UnpackERC20InsufficientAllowanceError(raw[4:])
	}
	if bytes.Equal(raw[:4], key.abi.Errors["ERC20InsufficientBalance"].ID.Bytes()[:4]) {
		return key.UnpackERC20InsufficientBalanceError(raw[4:])
	}
	if bytes.Equal(raw[:4], key.abi.Errors["ERC20InvalidApprover"].ID.Bytes()[:4]) {
		return key.UnpackERC20InvalidApproverError(raw[4:])
	}
	if bytes.Equal(raw[:4], key.abi.Errors["ERC20InvalidReceiver"].ID.Bytes()[:4]) {
		return key.UnpackERC20InvalidReceiverError(raw[4:])
	}
	if bytes.Equal(raw[:4], key.abi.Errors["ERC20InvalidSender"].ID.Bytes()[:4]) {
		return key.UnpackERC20InvalidSenderError(raw[4:])
	}
	if bytes.Equal(raw[:4], key.abi.Errors["ERC20InvalidSpender"].ID.Bytes()[:4]) {
		return key.UnpackERC20InvalidSpenderError(raw[4:])
	}
	if bytes.Equal(raw[:4], key.abi.Errors["ERC2612ExpiredSignature"].ID.Bytes()[:4]) {
		return key.UnpackERC2612ExpiredSignatureError(raw[4:])
	}
	if bytes.Equal(raw[:4], key.abi.Errors["ERC2612InvalidSigner"].ID.Bytes()[:4]) {
		return key.UnpackERC2612InvalidSignerError(raw[4:])
	}
	if bytes.Equal(raw[:4], key.abi.Errors["InvalidAccountNonce"].ID.Bytes()[:4]) {
		return key.UnpackInvalidAccountNonceError(raw[4:])
	}
	if bytes.Equal(raw[:4], key.abi.Errors["InvalidShortString"].ID.Bytes()[:4]) {
		return key.UnpackInvalidShortStringError(raw[4:])
	}
	if bytes.Equal(raw[:4], key.abi.Errors["NotMinter"].ID.Bytes()[:4]) {
		return key.UnpackNotMinterError(raw[4:])
	}
	if bytes.Equal(raw[:4], key.abi.Errors["StringTooLong"].ID.Bytes()[:4]) {
		return key.UnpackStringTooLongError(raw[4:])
	}
	if bytes.Equal(raw[:4], key.abi.Errors["ZeroAddress"].ID.Bytes()[:4]) {
		return key.UnpackZeroAddressError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// KeyCapExceeded represents a CapExceeded error raised by the Key contract.
type KeyCapExceeded struct {
	Minted *big.Int
	Amount *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error CapExceeded(uint256 minted, uint256 amount)
func KeyCapExceededErrorID() common.Hash {
	return common.HexToHash("0xf480e2850bfea7f2377ccca2189896041990c94ce0d428ccc05aefd1ae47897a")
}

// UnpackCapExceededError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error CapExceeded(uint256 minted, uint256 amount)
func (key *Key) UnpackCapExceededError(raw []byte) (*KeyCapExceeded, error) {
	out := new(KeyCapExceeded)
	if err := key.abi.UnpackIntoInterface(out, "CapExceeded", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// KeyECDSAInvalidSignature represents a ECDSAInvalidSignature error raised by the Key contract.
type KeyECDSAInvalidSignature struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ECDSAInvalidSignature()
func KeyECDSAInvalidSignatureErrorID() common.Hash {
	return common.HexToHash("0xf645eedf0193584640b6b90cb9477e4c95b98636c148a891d4c0a146dc46e75a")
}

// UnpackECDSAInvalidSignatureError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ECDSAInvalidSignature()
func (key *Key) UnpackECDSAInvalidSignatureError(raw []byte) (*KeyECDSAInvalidSignature, error) {
	out := new(KeyECDSAInvalidSignature)
	if err := key.abi.UnpackIntoInterface(out, "ECDSAInvalidSignature", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// KeyECDSAInvalidSignatureLength represents a ECDSAInvalidSignatureLength error raised by the Key contract.
type KeyECDSAInvalidSignatureLength struct {
	Length *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ECDSAInvalidSignatureLength(uint256 length)
func KeyECDSAInvalidSignatureLengthErrorID() common.Hash {
	return common.HexToHash("0xfce698f7e8e5342cd615f641317bc45fe7e1e4a8b0a14dd1383ff8dc9c41917f")
}

// UnpackECDSAInvalidSignatureLengthError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ECDSAInvalidSignatureLength(uint256 length)
func (key *Key) UnpackECDSAInvalidSignatureLengthError(raw []byte) (*KeyECDSAInvalidSignatureLength, error) {
	out := new(KeyECDSAInvalidSignatureLength)
	if err := key.abi.UnpackIntoInterface(out, "ECDSAInvalidSignatureLength", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// KeyECDSAInvalidSignatureS represents a ECDSAInvalidSignatureS error raised by the Key contract.
type KeyECDSAInvalidSignatureS struct {
	S [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ECDSAInvalidSignatureS(bytes32 s)
func KeyECDSAInvalidSignatureSErrorID() common.Hash {
	return common.HexToHash("0xd78bce0cccb935155ed6428d1c13e50b7f3550fd2b66b9fe266006fea4a5e1eb")
}

// UnpackECDSAInvalidSignatureSError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ECDSAInvalidSignatureS(bytes32 s)
func (key *Key) UnpackECDSAInvalidSignatureSError(raw []byte) (*KeyECDSAInvalidSignatureS, error) {
	out := new(KeyECDSAInvalidSignatureS)
	if err := key.abi.UnpackIntoInterface(out, "ECDSAInvalidSignatureS", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// KeyERC20InsufficientAllowance represents a ERC20InsufficientAllowance error raised by the Key contract.
type KeyERC20InsufficientAllowance struct {
	Spender   common.Address
	Allowance *big.Int
	Needed    *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)
func KeyERC20InsufficientAllowanceErrorID() common.Hash {
	return common.HexToHash("0xfb8f41b23e99d2101d86da76cdfa87dd51c82ed07d3cb62cbc473e469dbc75c3")
}

// UnpackERC20InsufficientAllowanceError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)
func (key *Key) UnpackERC20InsufficientAllowanceError(raw []byte) (*KeyERC20InsufficientAllowance, error) {
	out := new(KeyERC20InsufficientAllowance)
	if err := key.abi.UnpackIntoInterface(out, "ERC20InsufficientAllowance", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// KeyERC20InsufficientBalance represents a ERC20InsufficientBalance error raised by the Key contract.
type KeyERC20InsufficientBalance struct {
	Sender  common.Address
	Balance *big.Int
	Needed  *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)
func KeyERC20InsufficientBalanceErrorID() common.Hash {
	return common.HexToHash("0xe450d38cd8d9f7d95077d567d60ed49c7254716e6ad08fc9872816c97e0ffec6")
}

// UnpackERC20InsufficientBalanceError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)
func (key *Key) UnpackERC20InsufficientBalanceError(raw []byte) (*KeyERC20InsufficientBalance, error) {
	out := new(KeyERC20InsufficientBalance)
	if err := key.abi.UnpackIntoInterface(out, "ERC20InsufficientBalance", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// KeyERC20InvalidApprover represents a ERC20InvalidApprover error raised by the Key contract.
type KeyERC20InvalidApprover struct {
	Approver common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC20InvalidApprover(address approver)
func KeyERC20InvalidApproverErrorID() common.Hash {
	return common.HexToHash("0xe602df05cc75712490294c6c104ab7c17f4030363910a7a2626411c6d3118847")
}

// UnpackERC20InvalidApproverError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC20InvalidApprover(address approver)
func (key *Key) UnpackERC20InvalidApproverError(raw []byte) (*KeyERC20InvalidApprover, error) {
	out := new(KeyERC20InvalidApprover)
	if err := key.abi.UnpackIntoInterface(out, "ERC20InvalidApprover", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// KeyERC20InvalidReceiver represents a ERC20InvalidReceiver error raised by the Key contract.
type KeyERC20InvalidReceiver struct {
	Receiver common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC20InvalidReceiver(address receiver)
func KeyERC20InvalidReceiverErrorID() common.Hash {
	return common.HexToHash("0xec442f055133b72f3b2f9f0bb351c406b178527de2040a7d1feb4e058771f613")
}

// UnpackERC20InvalidReceiverError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC20InvalidReceiver(address receiver)
func (key *Key) UnpackERC20InvalidReceiverError(raw []byte) (*KeyERC20InvalidReceiver, error) {
	out := new(KeyERC20InvalidReceiver)
	if err := key.abi.UnpackIntoInterface(out, "ERC20InvalidReceiver", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// KeyERC20InvalidSender represents a ERC20InvalidSender error raised by the Key contract.
type KeyERC20InvalidSender struct {
	Sender common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC20InvalidSender(address sender)
func KeyERC20InvalidSenderErrorID() common.Hash {
	return common.HexToHash("0x96c6fd1edd0cd6ef7ff0ecc0facdf53148dc0048b57fe58af65755250a7a96bd")
}

// UnpackERC20InvalidSenderError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC20InvalidSender(address sender)
func (key *Key) UnpackERC20InvalidSenderError(raw []byte) (*KeyERC20InvalidSender, error) {
	out := new(KeyERC20InvalidSender)
	if err := key.abi.UnpackIntoInterface(out, "ERC20InvalidSender", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// KeyERC20InvalidSpender represents a ERC20InvalidSpender error raised by the Key contract.
type KeyERC20InvalidSpender struct {
	Spender common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC20InvalidSpender(address spender)
func KeyERC20InvalidSpenderErrorID() common.Hash {
	return common.HexToHash("0x94280d62c347d8d9f4d59a76ea321452406db88df38e0c9da304f58b57b373a2")
}

// UnpackERC20InvalidSpenderError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC20InvalidSpender(address spender)
func (key *Key) UnpackERC20InvalidSpenderError(raw []byte) (*KeyERC20InvalidSpender, error) {
	out := new(KeyERC20InvalidSpender)
	if err := key.abi.UnpackIntoInterface(out, "ERC20InvalidSpender", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// KeyERC2612ExpiredSignature represents a ERC2612ExpiredSignature error raised by the Key contract.
type KeyERC2612ExpiredSignature struct {
	Deadline *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC2612ExpiredSignature(uint256 deadline)
func KeyERC2612ExpiredSignatureErrorID() common.Hash {
	return common.HexToHash("0x627913023c184eaad13735d5a3d2657ae76ec9a872a70e0fc57522ef1a114d58")
}

// UnpackERC2612ExpiredSignatureError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC2612ExpiredSignature(uint256 deadline)
func (key *Key) UnpackERC2612ExpiredSignatureError(raw []byte) (*KeyERC2612ExpiredSignature, error) {
	out := new(KeyERC2612ExpiredSignature)
	if err := key.abi.UnpackIntoInterface(out, "ERC2612ExpiredSignature", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// KeyERC2612InvalidSigner represents a ERC2612InvalidSigner error raised by the Key contract.
type KeyERC2612InvalidSigner struct {
	Signer common.Address
	Owner  common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC2612InvalidSigner(address signer, address owner)
func KeyERC2612InvalidSignerErrorID() common.Hash {
	return common.HexToHash("0x4b800e463b323b1d856edf9dec70329a639d13874a57f5c28219ff57128756db")
}

// UnpackERC2612InvalidSignerError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC2612InvalidSigner(address signer, address owner)
func (key *Key) UnpackERC2612InvalidSignerError(raw []byte) (*KeyERC2612InvalidSigner, error) {
	out := new(KeyERC2612InvalidSigner)
	if err := key.abi.UnpackIntoInterface(out, "ERC2612InvalidSigner", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// KeyInvalidAccountNonce represents a InvalidAccountNonce error raised by the Key contract.
type KeyInvalidAccountNonce struct {
	Account      common.Address
	CurrentNonce *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error InvalidAccountNonce(address account, uint256 currentNonce)
func KeyInvalidAccountNonceErrorID() common.Hash {
	return common.HexToHash("0x752d88c0de02638abf10e8e31861e4c68dc1f3a1e7d840e580683f2c282bfc7a")
}

// UnpackInvalidAccountNonceError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error InvalidAccountNonce(address account, uint256 currentNonce)
func (key *Key) UnpackInvalidAccountNonceError(raw []byte) (*KeyInvalidAccountNonce, error) {
	out := new(KeyInvalidAccountNonce)
	if err := key.abi.UnpackIntoInterface(out, "InvalidAccountNonce", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// KeyInvalidShortString represents a InvalidShortString error raised by the Key contract.
type KeyInvalidShortString struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error InvalidShortString()
func KeyInvalidShortStringErrorID() common.Hash {
	return common.HexToHash("0xb3512b0c6163e5f0bafab72bb631b9d58cd7a731b082f910338aa21c83d5c274")
}

// UnpackInvalidShortStringError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error InvalidShortString()
func (key *Key) UnpackInvalidShortStringError(raw []byte) (*KeyInvalidShortString, error) {
	out := new(KeyInvalidShortString)
	if err := key.abi.UnpackIntoInterface(out, "InvalidShortString", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// KeyNotMinter represents a NotMinter error raised by the Key contract.
type KeyNotMinter struct {
	Caller common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotMinter(address caller)
func KeyNotMinterErrorID() common.Hash {
	return common.HexToHash("0x361c31f27e729a8322ec0a67a437cd1a685fbc0124c358ce2bac49ea8a779111")
}

// UnpackNotMinterError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotMinter(address caller)
func (key *Key) UnpackNotMinterError(raw []byte) (*KeyNotMinter, error) {
	out := new(KeyNotMinter)
	if err := key.abi.UnpackIntoInterface(out, "NotMinter", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// KeyStringTooLong represents a StringTooLong error raised by the Key contract.
type KeyStringTooLong struct {
	Str string
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error StringTooLong(string str)
func KeyStringTooLongErrorID() common.Hash {
	return common.HexToHash("0x305a27a93f8e33b7392df0a0f91d6fc63847395853c45991eec52dbf24d72381")
}

// UnpackStringTooLongError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error StringTooLong(string str)
func (key *Key) UnpackStringTooLongError(raw []byte) (*KeyStringTooLong, error) {
	out := new(KeyStringTooLong)
	if err := key.abi.UnpackIntoInterface(out, "StringTooLong", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// KeyZeroAddress represents a ZeroAddress error raised by the Key contract.
type KeyZeroAddress struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ZeroAddress()
func KeyZeroAddressErrorID() common.Hash {
	return common.HexToHash("0xd92e233df2717d4a40030e20904abd27b68fcbeede117eaaccbbdac9618c8c73")
}

// UnpackZeroAddressError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ZeroAddress()
func (key *Key) UnpackZeroAddressError(raw []byte) (*KeyZeroAddress, error) {
	out := new(KeyZeroAddress)
	if err := key.abi.UnpackIntoInterface(out, "ZeroAddress", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// StakesMetaData contains all meta data concerning the Stakes contract.
var StakesMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"internalType\":\"contractIERC20\",\"name\":\"token_\",\"type\":\"address\"},{\"internalType\":\"contractSubnets\",\"name\":\"subnets_\",\"type\":\"address\"}],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"asked\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"until\",\"type\":\"uint64\"}],\"name\":\"LockShorter\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"asked\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"most\",\"type\":\"uint64\"}],\"name\":\"LockTooLong\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"until\",\"type\":\"uint64\"}],\"name\":\"Locked\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"position\",\"type\":\"uint256\"}],\"name\":\"MoreThanStaked\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"subject\",\"type\":\"bytes32\"}],\"name\":\"NoPosition\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ReentrancyGuardReentrantCall\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"}],\"name\":\"SafeERC20FailedOperation\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"staked\",\"type\":\"uint256\"}],\"name\":\"TooMuch\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"subject\",\"type\":\"bytes32\"}],\"name\":\"UnknownSubject\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ZeroAddress\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ZeroAmount\",\"type\":\"error\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"subject\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"position\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"until\",\"type\":\"uint64\"}],\"name\":\"Extended\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"subject\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"position\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"until\",\"type\":\"uint64\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"inSubject\",\"type\":\"uint256\"}],\"name\":\"Staked\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"subject\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"position\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"until\",\"type\":\"uint64\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"inSubject\",\"type\":\"uint256\"}],\"name\":\"Withdrawn\",\"type\":\"event\"},{\"inputs\":[],\"name\":\"MOST_LOCK\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"WEEK\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"subject\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"until\",\"type\":\"uint64\"}],\"name\":\"extend\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"subject\",\"type\":\"bytes32\"}],\"name\":\"position\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"},{\"internalType\":\"uint64\",\"name\":\"until\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"time\",\"type\":\"uint64\"}],\"name\":\"powerAt\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"subject\",\"type\":\"bytes32\"},{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"},{\"internalType\":\"uint64\",\"name\":\"until\",\"type\":\"uint64\"}],\"name\":\"stake\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"staked\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"subject\",\"type\":\"bytes32\"}],\"name\":\"stakedIn\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"subnets\",\"outputs\":[{\"internalType\":\"contractSubnets\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"token\",\"outputs\":[{\"internalType\":\"contractIERC20\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"time\",\"type\":\"uint64\"}],\"name\":\"totalPowerAt\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"subject\",\"type\":\"bytes32\"},{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"withdraw\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"}]",
	ID:  "Stakes",
}

// Stakes is an auto generated Go binding around an Ethereum contract.
type Stakes struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *Stakes) GetABI() abi.ABI {
	return c.abi
}

// NewStakes creates a new instance of Stakes.
func NewStakes() *Stakes {
	parsed, err := StakesMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &Stakes{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *Stakes) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackConstructor is the Go binding used to pack the parameters required for
// contract deployment.
//
// Solidity: constructor(address token_, address subnets_) returns()
func (stakes *Stakes) PackConstructor(token_ common.Address, subnets_ common.Address) []byte {
	enc, err := stakes.abi.Pack("", token_, subnets_)
	if err != nil {
		panic(err)
	}
	return enc
}

// PackMOSTLOCK is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7834c300.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function MOST_LOCK() view returns(uint64)
func (stakes *Stakes) PackMOSTLOCK() []byte {
	enc, err := stakes.abi.Pack("MOST_LOCK")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMOSTLOCK is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7834c300.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function MOST_LOCK() view returns(uint64)
func (stakes *Stakes) TryPackMOSTLOCK() ([]byte, error) {
	return stakes.abi.Pack("MOST_LOCK")
}

// UnpackMOSTLOCK is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x7834c300.
//
// Solidity: function MOST_LOCK() view returns(uint64)
func (stakes *Stakes) UnpackMOSTLOCK(data []byte) (uint64, error) {
	out, err := stakes.abi.Unpack("MOST_LOCK", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackWEEK is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf4359ce5.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function WEEK() view returns(uint64)
func (stakes *Stakes) PackWEEK() []byte {
	enc, err := stakes.abi.Pack("WEEK")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackWEEK is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf4359ce5.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function WEEK() view returns(uint64)
func (stakes *Stakes) TryPackWEEK() ([]byte, error) {
	return stakes.abi.Pack("WEEK")
}

// UnpackWEEK is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xf4359ce5.
//
// Solidity: function WEEK() view returns(uint64)
func (stakes *Stakes) UnpackWEEK(data []byte) (uint64, error) {
	out, err := stakes.abi.Unpack("WEEK", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackExtend is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc991a24b.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function extend(bytes32 subject, uint64 until) returns()
func (stakes *Stakes) PackExtend(subject [32]byte, until uint64) []byte {
	enc, err := stakes.abi.Pack("extend", subject, until)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackExtend is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc991a24b.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function extend(bytes32 subject, uint64 until) returns()
func (stakes *Stakes) TryPackExtend(subject [32]byte, until uint64) ([]byte, error) {
	return stakes.abi.Pack("extend", subject, until)
}

// PackPosition is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xefe10643.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function position(address account, bytes32 subject) view returns(uint256 amount, uint64 until)
func (stakes *Stakes) PackPosition(account common.Address, subject [32]byte) []byte {
	enc, err := stakes.abi.Pack("position", account, subject)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPosition is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xefe10643.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function position(address account, bytes32 subject) view returns(uint256 amount, uint64 until)
func (stakes *Stakes) TryPackPosition(account common.Address, subject [32]byte) ([]byte, error) {
	return stakes.abi.Pack("position", account, subject)
}

// PositionOutput serves as a container for the return parameters of contract
// method Position.
type PositionOutput struct {
	Amount *big.Int
	Until  uint64
}

// UnpackPosition is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xefe10643.
//
// Solidity: function position(address account, bytes32 subject) view returns(uint256 amount, uint64 until)
func (stakes *Stakes) UnpackPosition(data []byte) (PositionOutput, error) {
	out, err := stakes.abi.Unpack("position", data)
	outstruct := new(PositionOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Amount = abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	outstruct.Until = *abi.ConvertType(out[1], new(uint64)).(*uint64)
	return *outstruct, nil
}

// PackPowerAt is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xabfdcb3f.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function powerAt(address account, uint64 time) view returns(uint256)
func (stakes *Stakes) PackPowerAt(account common.Address, time uint64) []byte {
	enc, err := stakes.abi.Pack("powerAt", account, time)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPowerAt is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xabfdcb3f.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function powerAt(address account, uint64 time) view returns(uint256)
func (stakes *Stakes) TryPackPowerAt(account common.Address, time uint64) ([]byte, error) {
	return stakes.abi.Pack("powerAt", account, time)
}

// UnpackPowerAt is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xabfdcb3f.
//
// Solidity: function powerAt(address account, uint64 time) view returns(uint256)
func (stakes *Stakes) UnpackPowerAt(data []byte) (*big.Int, error) {
	out, err := stakes.abi.Unpack("powerAt", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackStake is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xde00de9b.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function stake(bytes32 subject, uint256 amount, uint64 until) returns()
func (stakes *Stakes) PackStake(subject [32]byte, amount *big.Int, until uint64) []byte {
	enc, err := stakes.abi.Pack("stake", subject, amount, until)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackStake is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xde00de9b.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function stake(bytes32 subject, uint256 amount, uint64 until) returns()
func (stakes *Stakes) TryPackStake(subject [32]byte, amount *big.Int, until uint64) ([]byte, error) {
	return stakes.abi.Pack("stake", subject, amount, until)
}

// PackStaked is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0b76619b.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function staked() view returns(uint256)
func (stakes *Stakes) PackStaked() []byte {
	enc, err := stakes.abi.Pack("staked")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackStaked is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0b76619b.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function staked() view returns(uint256)
func (stakes *Stakes) TryPackStaked() ([]byte, error) {
	return stakes.abi.Pack("staked")
}

// UnpackStaked is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x0b76619b.
//
// Solidity: function staked() view returns(uint256)
func (stakes *Stakes) UnpackStaked(data []byte) (*big.Int, error) {
	out, err := stakes.abi.Unpack("staked", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackStakedIn is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb1040ba8.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function stakedIn(bytes32 subject) view returns(uint256)
func (stakes *Stakes) PackStakedIn(subject [32]byte) []byte {
	enc, err := stakes.abi.Pack("stakedIn", subject)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackStakedIn is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb1040ba8.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function stakedIn(bytes32 subject) view returns(uint256)
func (stakes *Stakes) TryPackStakedIn(subject [32]byte) ([]byte, error) {
	return stakes.abi.Pack("stakedIn", subject)
}

// UnpackStakedIn is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xb1040ba8.
//
// Solidity: function stakedIn(bytes32 subject) view returns(uint256)
func (stakes *Stakes) UnpackStakedIn(data []byte) (*big.Int, error) {
	out, err := stakes.abi.Unpack("stakedIn", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackSubnets is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x5cfe13b0.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function subnets() view returns(address)
func (stakes *Stakes) PackSubnets() []byte {
	enc, err := stakes.abi.Pack("subnets")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSubnets is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x5cfe13b0.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function subnets() view returns(address)
func (stakes *Stakes) TryPackSubnets() ([]byte, error) {
	return stakes.abi.Pack("subnets")
}

// UnpackSubnets is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x5cfe13b0.
//
// Solidity: function subnets() view returns(address)
func (stakes *Stakes) UnpackSubnets(data []byte) (common.Address, error) {
	out, err := stakes.abi.Unpack("subnets", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackToken is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xfc0c546a.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function token() view returns(address)
func (stakes *Stakes) PackToken() []byte {
	enc, err := stakes.abi.Pack("token")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackToken is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xfc0c546a.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function token() view returns(address)
func (stakes *Stakes) TryPackToken() ([]byte, error) {
	return stakes.abi.Pack("token")
}

// UnpackToken is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xfc0c546a.
//
// Solidity: function token() view returns(address)
func (stakes *Stakes) UnpackToken(data []byte) (common.Address, error) {
	out, err := stakes.abi.Unpack("token", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackTotalPowerAt is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x732d2e4d.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function totalPowerAt(uint64 time) view returns(uint256)
func (stakes *Stakes) PackTotalPowerAt(time uint64) []byte {
	enc, err := stakes.abi.Pack("totalPowerAt", time)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTotalPowerAt is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x732d2e4d.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function totalPowerAt(uint64 time) view returns(uint256)
func (stakes *Stakes) TryPackTotalPowerAt(time uint64) ([]byte, error) {
	return stakes.abi.Pack("totalPowerAt", time)
}

// UnpackTotalPowerAt is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x732d2e4d.
//
// Solidity: function totalPowerAt(uint64 time) view returns(uint256)
func (stakes *Stakes) UnpackTotalPowerAt(data []byte) (*big.Int, error) {
	out, err := stakes.abi.Unpack("totalPowerAt", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackWithdraw is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x040cf020.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function withdraw(bytes32 subject, uint256 amount) returns()
func (stakes *Stakes) PackWithdraw(subject [32]byte, amount *big.Int) []byte {
	enc, err := stakes.abi.Pack("withdraw", subject, amount)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackWithdraw is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x040cf020.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function withdraw(bytes32 subject, uint256 amount) returns()
func (stakes *Stakes) TryPackWithdraw(subject [32]byte, amount *big.Int) ([]byte, error) {
	return stakes.abi.Pack("withdraw", subject, amount)
}

// StakesExtended represents a Extended event raised by the Stakes contract.
type StakesExtended struct {
	Account  common.Address
	Subject  [32]byte
	Position *big.Int
	Until    uint64
	Raw      *types.Log // Blockchain specific contextual infos
}

const StakesExtendedEventName = "Extended"

// ContractEventName returns the user-defined event name.
func (StakesExtended) ContractEventName() string {
	return StakesExtendedEventName
}

// UnpackExtendedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Extended(address indexed account, bytes32 indexed subject, uint256 position, uint64 until)
func (stakes *Stakes) UnpackExtendedEvent(log *types.Log) (*StakesExtended, error) {
	event := "Extended"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != stakes.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(StakesExtended)
	if len(log.Data) > 0 {
		if err := stakes.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range stakes.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// StakesStaked represents a Staked event raised by the Stakes contract.
type StakesStaked struct {
	Account   common.Address
	Subject   [32]byte
	Amount    *big.Int
	Position  *big.Int
	Until     uint64
	InSubject *big.Int
	Raw       *types.Log // Blockchain specific contextual infos
}

const StakesStakedEventName = "Staked"

// ContractEventName returns the user-defined event name.
func (StakesStaked) ContractEventName() string {
	return StakesStakedEventName
}

// UnpackStakedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Staked(address indexed account, bytes32 indexed subject, uint256 amount, uint256 position, uint64 until, uint256 inSubject)
func (stakes *Stakes) UnpackStakedEvent(log *types.Log) (*StakesStaked, error) {
	event := "Staked"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != stakes.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(StakesStaked)
	if len(log.Data) > 0 {
		if err := stakes.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range stakes.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// StakesWithdrawn represents a Withdrawn event raised by the Stakes contract.
type StakesWithdrawn struct {
	Account   common.Address
	Subject   [32]byte
	Amount    *big.Int
	Position  *big.Int
	Until     uint64
	InSubject *big.Int
	Raw       *types.Log // Blockchain specific contextual infos
}

const StakesWithdrawnEventName = "Withdrawn"

// ContractEventName returns the user-defined event name.
func (StakesWithdrawn) ContractEventName() string {
	return StakesWithdrawnEventName
}

// UnpackWithdrawnEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Withdrawn(address indexed account, bytes32 indexed subject, uint256 amount, uint256 position, uint64 until, uint256 inSubject)
func (stakes *Stakes) UnpackWithdrawnEvent(log *types.Log) (*StakesWithdrawn, error) {
	event := "Withdrawn"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != stakes.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(StakesWithdrawn)
	if len(log.Data) > 0 {
		if err := stakes.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range stakes.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (stakes *Stakes) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], stakes.abi.Errors["LockShorter"].ID.Bytes()[:4]) {
		return stakes.UnpackLockShorterError(raw[4:])
	}
	if bytes.Equal(raw[:4], stakes.abi.Errors["LockTooLong"].ID.Bytes()[:4]) {
		return stakes.UnpackLockTooLongError(raw[4:])
	}
	if bytes.Equal(raw[:4], stakes.abi.Errors["Locked"].ID.Bytes()[:4]) {
		return stakes.UnpackLockedError(raw[4:])
	}
	if bytes.Equal(raw[:4], stakes.abi.Errors["MoreThanStaked"].ID.Bytes()[:4]) {
		return stakes.UnpackMoreThanStakedError(raw[4:])
	}
	if bytes.Equal(raw[:4], stakes.abi.Errors["NoPosition"].ID.Bytes()[:4]) {
		return stakes.UnpackNoPositionError(raw[4:])
	}
	if bytes.Equal(raw[:4], stakes.abi.Errors["ReentrancyGuardReentrantCall"].ID.Bytes()[:4]) {
		return stakes.UnpackReentrancyGuardReentrantCallError(raw[4:])
	}
	if bytes.Equal(raw[:4], stakes.abi.Errors["SafeERC20FailedOperation"].ID.Bytes()[:4]) {
		return stakes.UnpackSafeERC20FailedOperationError(raw[4:])
	}
	if bytes.Equal(raw[:4], stakes.abi.Errors["TooMuch"].ID.Bytes()[:4]) {
		return stakes.UnpackTooMuchError(raw[4:])
	}
	if bytes.Equal(raw[:4], stakes.abi.Errors["UnknownSubject"].ID.Bytes()[:4]) {
		return stakes.UnpackUnknownSubjectError(raw[4:])
	}
	if bytes.Equal(raw[:4], stakes.abi.Errors["ZeroAddress"].ID.Bytes()[:4]) {
		return stakes.UnpackZeroAddressError(raw[4:])
	}
	if bytes.Equal(raw[:4], stakes.abi.Errors["ZeroAmount"].ID.Bytes()[:4]) {
		return stakes.UnpackZeroAmountError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// StakesLockShorter represents a LockShorter error raised by the Stakes contract.
type StakesLockShorter struct {
	Asked uint64
	Until uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error LockShorter(uint64 asked, uint64 until)
func StakesLockShorterErrorID() common.Hash {
	return common.HexToHash("0x6f9732966f175873dc6988bcd70bf4ddf3254a757b0bb4e2798beb04f9fc2517")
}

// UnpackLockShorterError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error LockShorter(uint64 asked, uint64 until)
func (stakes *Stakes) UnpackLockShorterError(raw []byte) (*StakesLockShorter, error) {
	out := new(StakesLockShorter)
	if err := stakes.abi.UnpackIntoInterface(out, "LockShorter", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// StakesLockTooLong represents a LockTooLong error raised by the Stakes contract.
type StakesLockTooLong struct {
	Asked uint64
	Most  uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error LockTooLong(uint64 asked, uint64 most)
func StakesLockTooLongErrorID() common.Hash {
	return common.HexToHash("0xbac5d3a8d288f61d9cb1f5e75ef99333d3a2e049c3d424d5768b62050e76bbbf")
}

// UnpackLockTooLongError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error LockTooLong(uint64 asked, uint64 most)
func (stakes *Stakes) UnpackLockTooLongError(raw []byte) (*StakesLockTooLong, error) {
	out := new(StakesLockTooLong)
	if err := stakes.abi.UnpackIntoInterface(out, "LockTooLong", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// StakesLocked represents a Locked error raised by the Stakes contract.
type StakesLocked struct {
	Until uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error Locked(uint64 until)
func StakesLockedErrorID() common.Hash {
	return common.HexToHash("0xeada2658bdffa19cde38de41cf093822ebf95b75028fe95357edf04ad0ac1c2c")
}

// UnpackLockedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error Locked(uint64 until)
func (stakes *Stakes) UnpackLockedError(raw []byte) (*StakesLocked, error) {
	out := new(StakesLocked)
	if err := stakes.abi.UnpackIntoInterface(out, "Locked", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// StakesMoreThanStaked represents a MoreThanStaked error raised by the Stakes contract.
type StakesMoreThanStaked struct {
	Amount   *big.Int
	Position *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error MoreThanStaked(uint256 amount, uint256 position)
func StakesMoreThanStakedErrorID() common.Hash {
	return common.HexToHash("0xa10bccfb240a101cd50c1f1f098eb993cc337548ef2c785674e519f49f61ddab")
}

// UnpackMoreThanStakedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error MoreThanStaked(uint256 amount, uint256 position)
func (stakes *Stakes) UnpackMoreThanStakedError(raw []byte) (*StakesMoreThanStaked, error) {
	out := new(StakesMoreThanStaked)
	if err := stakes.abi.UnpackIntoInterface(out, "MoreThanStaked", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// StakesNoPosition represents a NoPosition error raised by the Stakes contract.
type StakesNoPosition struct {
	Account common.Address
	Subject [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NoPosition(address account, bytes32 subject)
func StakesNoPositionErrorID() common.Hash {
	return common.HexToHash("0xaf53994f4ccd4da4626fb4f75e02c3c77bee8d67555aacca949083ef7f1fb7c6")
}

// UnpackNoPositionError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NoPosition(address account, bytes32 subject)
func (stakes *Stakes) UnpackNoPositionError(raw []byte) (*StakesNoPosition, error) {
	out := new(StakesNoPosition)
	if err := stakes.abi.UnpackIntoInterface(out, "NoPosition", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// StakesReentrancyGuardReentrantCall represents a ReentrancyGuardReentrantCall error raised by the Stakes contract.
type StakesReentrancyGuardReentrantCall struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ReentrancyGuardReentrantCall()
func StakesReentrancyGuardReentrantCallErrorID() common.Hash {
	return common.HexToHash("0x3ee5aeb571de7fc460830b4d0017439a1ca56fb0bc39062227ade4fe4a24c1ca")
}

// UnpackReentrancyGuardReentrantCallError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ReentrancyGuardReentrantCall()
func (stakes *Stakes) UnpackReentrancyGuardReentrantCallError(raw []byte) (*StakesReentrancyGuardReentrantCall, error) {
	out := new(StakesReentrancyGuardReentrantCall)
	if err := stakes.abi.UnpackIntoInterface(out, "ReentrancyGuardReentrantCall", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// StakesSafeERC20FailedOperation represents a SafeERC20FailedOperation error raised by the Stakes contract.
type StakesSafeERC20FailedOperation struct {
	Token common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error SafeERC20FailedOperation(address token)
func StakesSafeERC20FailedOperationErrorID() common.Hash {
	return common.HexToHash("0x5274afe73c98b4749fc91ffae6b7b574e7842cb2144a159e9377a5f20b32edf9")
}

// UnpackSafeERC20FailedOperationError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error SafeERC20FailedOperation(address token)
func (stakes *Stakes) UnpackSafeERC20FailedOperationError(raw []byte) (*StakesSafeERC20FailedOperation, error) {
	out := new(StakesSafeERC20FailedOperation)
	if err := stakes.abi.UnpackIntoInterface(out, "SafeERC20FailedOperation", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// StakesTooMuch represents a TooMuch error raised by the Stakes contract.
type StakesTooMuch struct {
	Staked *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error TooMuch(uint256 staked)
func StakesTooMuchErrorID() common.Hash {
	return common.HexToHash("0xe0f0d3cca4ab478d5588bae6d55a9f5f53534d83c42bdec854011973d4d99a61")
}

// UnpackTooMuchError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error TooMuch(uint256 staked)
func (stakes *Stakes) UnpackTooMuchError(raw []byte) (*StakesTooMuch, error) {
	out := new(StakesTooMuch)
	if err := stakes.abi.UnpackIntoInterface(out, "TooMuch", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// StakesUnknownSubject represents a UnknownSubject error raised by the Stakes contract.
type StakesUnknownSubject struct {
	Subject [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error UnknownSubject(bytes32 subject)
func StakesUnknownSubjectErrorID() common.Hash {
	return common.HexToHash("0x475b8e67ac5272bd00a998712f8f927ee29112ec34e2ded71d275896812a4b9f")
}

// UnpackUnknownSubjectError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error UnknownSubject(bytes32 subject)
func (stakes *Stakes) UnpackUnknownSubjectError(raw []byte) (*StakesUnknownSubject, error) {
	out := new(StakesUnknownSubject)
	if err := stakes.abi.UnpackIntoInterface(out, "UnknownSubject", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// StakesZeroAddress represents a ZeroAddress error raised by the Stakes contract.
type StakesZeroAddress struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ZeroAddress()
func StakesZeroAddressErrorID() common.Hash {
	return common.HexToHash("0xd92e233df2717d4a40030e20904abd27b68fcbeede117eaaccbbdac9618c8c73")
}

// UnpackZeroAddressError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ZeroAddress()
func (stakes *Stakes) UnpackZeroAddressError(raw []byte) (*StakesZeroAddress, error) {
	out := new(StakesZeroAddress)
	if err := stakes.abi.UnpackIntoInterface(out, "ZeroAddress", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// StakesZeroAmount represents a ZeroAmount error raised by the Stakes contract.
type StakesZeroAmount struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ZeroAmount()
func StakesZeroAmountErrorID() common.Hash {
	return common.HexToHash("0x1f2a2005cb66a8e145327e8814e243a0996aec9bfe1e15a495778b1236dbd485")
}

// UnpackZeroAmountError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ZeroAmount()
func (stakes *Stakes) UnpackZeroAmountError(raw []byte) (*StakesZeroAmount, error) {
	out := new(StakesZeroAmount)
	if err := stakes.abi.UnpackIntoInterface(out, "ZeroAmount", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SubnetsMetaData contains all meta data concerning the Subnets contract.
var SubnetsMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"internalType\":\"contractKey\",\"name\":\"key_\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"price_\",\"type\":\"uint256\"}],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"id\",\"type\":\"bytes32\"}],\"name\":\"AlreadyRegistered\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint96\",\"name\":\"fee\",\"type\":\"uint96\"},{\"internalType\":\"uint96\",\"name\":\"most\",\"type\":\"uint96\"}],\"name\":\"FeeTooHigh\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"id\",\"type\":\"bytes32\"}],\"name\":\"InvalidId\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"id\",\"type\":\"bytes32\"},{\"internalType\":\"address\",\"name\":\"caller\",\"type\":\"address\"}],\"name\":\"NotOwner\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"id\",\"type\":\"bytes32\"}],\"name\":\"NotRegistered\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ZeroAddress\",\"type\":\"error\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"id\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"treasury\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint96\",\"name\":\"fee\",\"type\":\"uint96\"}],\"name\":\"SubnetSet\",\"type\":\"event\"},{\"inputs\":[],\"name\":\"WHOLE\",\"outputs\":[{\"internalType\":\"uint96\",\"name\":\"\",\"type\":\"uint96\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"key\",\"outputs\":[{\"internalType\":\"contractKey\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"id\",\"type\":\"bytes32\"},{\"internalType\":\"uint96\",\"name\":\"fee\",\"type\":\"uint96\"}],\"name\":\"lowerFee\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"id\",\"type\":\"bytes32\"}],\"name\":\"ownerOf\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"price\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"id\",\"type\":\"bytes32\"},{\"internalType\":\"address\",\"name\":\"treasury\",\"type\":\"address\"},{\"internalType\":\"uint96\",\"name\":\"fee\",\"type\":\"uint96\"}],\"name\":\"register\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"id\",\"type\":\"bytes32\"}],\"name\":\"registered\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"id\",\"type\":\"bytes32\"},{\"internalType\":\"address\",\"name\":\"treasury\",\"type\":\"address\"}],\"name\":\"setTreasury\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"id\",\"type\":\"bytes32\"}],\"name\":\"subnet\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"treasury\",\"type\":\"address\"},{\"internalType\":\"uint96\",\"name\":\"fee\",\"type\":\"uint96\"}],\"stateMutability\":\"view\",\"type\":\"function\"}]",
	ID:  "Subnets",
}

// Subnets is an auto generated Go binding around an Ethereum contract.
type Subnets struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *Subnets) GetABI() abi.ABI {
	return c.abi
}

// NewSubnets creates a new instance of Subnets.
func NewSubnets() *Subnets {
	parsed, err := SubnetsMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &Subnets{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *Subnets) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackConstructor is the Go binding used to pack the parameters required for
// contract deployment.
//
// Solidity: constructor(address key_, uint256 price_) returns()
func (subnets *Subnets) PackConstructor(key_ common.Address, price_ *big.Int) []byte {
	enc, err := subnets.abi.Pack("", key_, price_)
	if err != nil {
		panic(err)
	}
	return enc
}

// PackWHOLE is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x09eba343.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function WHOLE() view returns(uint96)
func (subnets *Subnets) PackWHOLE() []byte {
	enc, err := subnets.abi.Pack("WHOLE")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackWHOLE is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x09eba343.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function WHOLE() view returns(uint96)
func (subnets *Subnets) TryPackWHOLE() ([]byte, error) {
	return subnets.abi.Pack("WHOLE")
}

// UnpackWHOLE is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x09eba343.
//
// Solidity: function WHOLE() view returns(uint96)
func (subnets *Subnets) UnpackWHOLE(data []byte) (*big.Int, error) {
	out, err := subnets.abi.Unpack("WHOLE", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackKey is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3943380c.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function key() view returns(address)
func (subnets *Subnets) PackKey() []byte {
	enc, err := subnets.abi.Pack("key")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackKey is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3943380c.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function key() view returns(address)
func (subnets *Subnets) TryPackKey() ([]byte, error) {
	return subnets.abi.Pack("key")
}

// UnpackKey is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x3943380c.
//
// Solidity: function key() view returns(address)
func (subnets *Subnets) UnpackKey(data []byte) (common.Address, error) {
	out, err := subnets.abi.Unpack("key", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackLowerFee is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8e271aa9.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function lowerFee(bytes32 id, uint96 fee) returns()
func (subnets *Subnets) PackLowerFee(id [32]byte, fee *big.Int) []byte {
	enc, err := subnets.abi.Pack("lowerFee", id, fee)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackLowerFee is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8e271aa9.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function lowerFee(bytes32 id, uint96 fee) returns()
func (subnets *Subnets) TryPackLowerFee(id [32]byte, fee *big.Int) ([]byte, error) {
	return subnets.abi.Pack("lowerFee", id, fee)
}

// PackOwnerOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7dd56411.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function ownerOf(bytes32 id) pure returns(address)
func (subnets *Subnets) PackOwnerOf(id [32]byte) []byte {
	enc, err := subnets.abi.Pack("ownerOf", id)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackOwnerOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7dd56411.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function ownerOf(bytes32 id) pure returns(address)
func (subnets *Subnets) TryPackOwnerOf(id [32]byte) ([]byte, error) {
	return subnets.abi.Pack("ownerOf", id)
}

// UnpackOwnerOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x7dd56411.
//
// Solidity: function ownerOf(bytes32 id) pure returns(address)
func (subnets *Subnets) UnpackOwnerOf(data []byte) (common.Address, error) {
	out, err := subnets.abi.Unpack("ownerOf", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackPrice is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa035b1fe.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function price() view returns(uint256)
func (subnets *Subnets) PackPrice() []byte {
	enc, err := subnets.abi.Pack("price")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPrice is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa035b1fe.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function price() view returns(uint256)
func (subnets *Subnets) TryPackPrice() ([]byte, error) {
	return subnets.abi.Pack("price")
}

// UnpackPrice is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xa035b1fe.
//
// Solidity: function price() view returns(uint256)
func (subnets *Subnets) UnpackPrice(data []byte) (*big.Int, error) {
	out, err := subnets.abi.Unpack("price", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackRegister is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa8093b7b.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function register(bytes32 id, address treasury, uint96 fee) returns()
func (subnets *Subnets) PackRegister(id [32]byte, treasury common.Address, fee *big.Int) []byte {
	enc, err := subnets.abi.Pack("register", id, treasury, fee)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRegister is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa8093b7b.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function register(bytes32 id, address treasury, uint96 fee) returns()
func (subnets *Subnets) TryPackRegister(id [32]byte, treasury common.Address, fee *big.Int) ([]byte, error) {
	return subnets.abi.Pack("register", id, treasury, fee)
}

// PackRegistered is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x5524d548.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function registered(bytes32 id) view returns(bool)
func (subnets *Subnets) PackRegistered(id [32]byte) []byte {
	enc, err := subnets.abi.Pack("registered", id)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRegistered is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x5524d548.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function registered(bytes32 id) view returns(bool)
func (subnets *Subnets) TryPackRegistered(id [32]byte) ([]byte, error) {
	return subnets.abi.Pack("registered", id)
}

// UnpackRegistered is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x5524d548.
//
// Solidity: function registered(bytes32 id) view returns(bool)
func (subnets *Subnets) UnpackRegistered(data []byte) (bool, error) {
	out, err := subnets.abi.Unpack("registered", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackSetTreasury is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x715eba9a.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function setTreasury(bytes32 id, address treasury) returns()
func (subnets *Subnets) PackSetTreasury(id [32]byte, treasury common.Address) []byte {
	enc, err := subnets.abi.Pack("setTreasury", id, treasury)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSetTreasury is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x715eba9a.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function setTreasury(bytes32 id, address treasury) returns()
func (subnets *Subnets) TryPackSetTreasury(id [32]byte, treasury common.Address) ([]byte, error) {
	return subnets.abi.Pack("setTreasury", id, treasury)
}

// PackSubnet is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x90312968.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function subnet(bytes32 id) view returns(address treasury, uint96 fee)
func (subnets *Subnets) PackSubnet(id [32]byte) []byte {
	enc, err := subnets.abi.Pack("subnet", id)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSubnet is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x90312968.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function subnet(bytes32 id) view returns(address treasury, uint96 fee)
func (subnets *Subnets) TryPackSubnet(id [32]byte) ([]byte, error) {
	return subnets.abi.Pack("subnet", id)
}

// SubnetOutput serves as a container for the return parameters of contract
// method Subnet.
type SubnetOutput struct {
	Treasury common.Address
	Fee      *big.Int
}

// UnpackSubnet is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x90312968.
//
// Solidity: function subnet(bytes32 id) view returns(address treasury, uint96 fee)
func (subnets *Subnets) UnpackSubnet(data []byte) (SubnetOutput, error) {
	out, err := subnets.abi.Unpack("subnet", data)
	outstruct := new(SubnetOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Treasury = *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	outstruct.Fee = abi.ConvertType(out[1], new(big.Int)).(*big.Int)
	return *outstruct, nil
}

// SubnetsSubnetSet represents a SubnetSet event raised by the Subnets contract.
type SubnetsSubnetSet struct {
	Id       [32]byte
	Treasury common.Address
	Fee      *big.Int
	Raw      *types.Log // Blockchain specific contextual infos
}

const SubnetsSubnetSetEventName = "SubnetSet"

// ContractEventName returns the user-defined event name.
func (SubnetsSubnetSet) ContractEventName() string {
	return SubnetsSubnetSetEventName
}

// UnpackSubnetSetEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event SubnetSet(bytes32 indexed id, address indexed treasury, uint96 fee)
func (subnets *Subnets) UnpackSubnetSetEvent(log *types.Log) (*SubnetsSubnetSet, error) {
	event := "SubnetSet"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != subnets.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(SubnetsSubnetSet)
	if len(log.Data) > 0 {
		if err := subnets.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range subnets.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (subnets *Subnets) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], subnets.abi.Errors["AlreadyRegistered"].ID.Bytes()[:4]) {
		return subnets.UnpackAlreadyRegisteredError(raw[4:])
	}
	if bytes.Equal(raw[:4], subnets.abi.Errors["FeeTooHigh"].ID.Bytes()[:4]) {
		return subnets.UnpackFeeTooHighError(raw[4:])
	}
	if bytes.Equal(raw[:4], subnets.abi.Errors["InvalidId"].ID.Bytes()[:4]) {
		return subnets.UnpackInvalidIdError(raw[4:])
	}
	if bytes.Equal(raw[:4], subnets.abi.Errors["NotOwner"].ID.Bytes()[:4]) {
		return subnets.UnpackNotOwnerError(raw[4:])
	}
	if bytes.Equal(raw[:4], subnets.abi.Errors["NotRegistered"].ID.Bytes()[:4]) {
		return subnets.UnpackNotRegisteredError(raw[4:])
	}
	if bytes.Equal(raw[:4], subnets.abi.Errors["ZeroAddress"].ID.Bytes()[:4]) {
		return subnets.UnpackZeroAddressError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// SubnetsAlreadyRegistered represents a AlreadyRegistered error raised by the Subnets contract.
type SubnetsAlreadyRegistered struct {
	Id [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error AlreadyRegistered(bytes32 id)
func SubnetsAlreadyRegisteredErrorID() common.Hash {
	return common.HexToHash("0x77caf672214035207a45708060aa1e2e66841e1b2dbaefae83058807272a7a8a")
}

// UnpackAlreadyRegisteredError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error AlreadyRegistered(bytes32 id)
func (subnets *Subnets) UnpackAlreadyRegisteredError(raw []byte) (*SubnetsAlreadyRegistered, error) {
	out := new(SubnetsAlreadyRegistered)
	if err := subnets.abi.UnpackIntoInterface(out, "AlreadyRegistered", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SubnetsFeeTooHigh represents a FeeTooHigh error raised by the Subnets contract.
type SubnetsFeeTooHigh struct {
	Fee  *big.Int
	Most *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error FeeTooHigh(uint96 fee, uint96 most)
func SubnetsFeeTooHighErrorID() common.Hash {
	return common.HexToHash("0x33f02338f1ab3f94ad9f7b51863e21cbdc2249105218397d2b0369d0cf5fbd6e")
}

// UnpackFeeTooHighError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error FeeTooHigh(uint96 fee, uint96 most)
func (subnets *Subnets) UnpackFeeTooHighError(raw []byte) (*SubnetsFeeTooHigh, error) {
	out := new(SubnetsFeeTooHigh)
	if err := subnets.abi.UnpackIntoInterface(out, "FeeTooHigh", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SubnetsInvalidId represents a InvalidId error raised by the Subnets contract.
type SubnetsInvalidId struct {
	Id [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error InvalidId(bytes32 id)
func SubnetsInvalidIdErrorID() common.Hash {
	return common.HexToHash("0x9edbd57409d37e49566ebc08ecd31479f41c91a5d10bd2d1d8b0742f9f41cbd6")
}

// UnpackInvalidIdError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error InvalidId(bytes32 id)
func (subnets *Subnets) UnpackInvalidIdError(raw []byte) (*SubnetsInvalidId, error) {
	out := new(SubnetsInvalidId)
	if err := subnets.abi.UnpackIntoInterface(out, "InvalidId", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SubnetsNotOwner represents a NotOwner error raised by the Subnets contract.
type SubnetsNotOwner struct {
	Id     [32]byte
	Caller common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotOwner(bytes32 id, address caller)
func SubnetsNotOwnerErrorID() common.Hash {
	return common.HexToHash("0x0e25346d3923fdf61b8b8de5a7da7267aa43093abc1ce6c52cbd87b4dcd30574")
}

// UnpackNotOwnerError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotOwner(bytes32 id, address caller)
func (subnets *Subnets) UnpackNotOwnerError(raw []byte) (*SubnetsNotOwner, error) {
	out := new(SubnetsNotOwner)
	if err := subnets.abi.UnpackIntoInterface(out, "NotOwner", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SubnetsNotRegistered represents a NotRegistered error raised by the Subnets contract.
type SubnetsNotRegistered struct {
	Id [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotRegistered(bytes32 id)
func SubnetsNotRegisteredErrorID() common.Hash {
	return common.HexToHash("0x8cc00d16d993ecf8307809fb88fda776e550116fa44f080c604d0c3d12d1a849")
}

// UnpackNotRegisteredError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotRegistered(bytes32 id)
func (subnets *Subnets) UnpackNotRegisteredError(raw []byte) (*SubnetsNotRegistered, error) {
	out := new(SubnetsNotRegistered)
	if err := subnets.abi.UnpackIntoInterface(out, "NotRegistered", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SubnetsZeroAddress represents a ZeroAddress error raised by the Subnets contract.
type SubnetsZeroAddress struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ZeroAddress()
func SubnetsZeroAddressErrorID() common.Hash {
	return common.HexToHash("0xd92e233df2717d4a40030e20904abd27b68fcbeede117eaaccbbdac9618c8c73")
}

// UnpackZeroAddressError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ZeroAddress()
func (subnets *Subnets) UnpackZeroAddressError(raw []byte) (*SubnetsZeroAddress, error) {
	out := new(SubnetsZeroAddress)
	if err := subnets.abi.UnpackIntoInterface(out, "ZeroAddress", raw); err != nil {
		return nil, err
	}
	return out, nil
}
