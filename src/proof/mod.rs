//! What a stranger needs: proofs and bundles as they are handed out, and their verification.
//!
//! What verifies here (`replay/`, the verifying halves of `bundle/` and `receipt/`, and what `audit/` judges) must never
//! ask the registry, its log, its vault or its words, so that it can run where none of them is.

pub mod audit;
pub mod bundle;
pub mod cosigned;
pub(crate) mod disclosures;
pub mod fork;
pub mod hand_out;
pub mod publish;
pub mod receipt;
pub mod replay;
