//! Learned groups: k-means on chosen columns, how many groups there are, how
//! stable they are, and a hierarchy of them; dense groups and odd customers.
//!
//! Whatever is quadratic looks at a sample, drawn with the seed. All is computed
//! over the customers in the order of their values, so that neither the order of
//! the rows nor names change anything.

mod chance;
mod dense;
mod describe;
mod judge;
mod kmeans;
mod options;
mod points;
mod result;
mod task;
mod told;
mod tree;
mod trials;
mod ward;

pub use chance::Chance;
pub use dense::{Closeness, Dense, Places, Search};
pub use judge::{adjusted_rand, silhouette};
pub use kmeans::{Grouping, Run};
pub use options::{ClusterMethod, ClusterOptions};
pub use points::{Points, Scaling, quantile};
pub use result::{Centre, Choice, Cluster, ClusterResult, Hierarchy, Trait};
pub use task::{Clustering, Features, Groups};
pub use ward::{Merge, cut, ward};
