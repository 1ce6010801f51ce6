//! Mistakes of other implementations, each shown to be absent here. The numbers are those of our list of them.

mod model;
