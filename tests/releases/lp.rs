//! Linear programming over figures that are not negative: the most and the least that each can be.
//!
//! The simplex method on a dense tableau, with Bland's rule, so that it ends. A basis that was found for one figure
//! is where the next one starts.

/// What counts as nothing, beside figures of some thousands.
const NOTHING: f64 = 1e-7;

/// Equations and bounds over unknowns that are 0 or more.
pub struct Program {
    unknowns: usize,
    rows: Vec<(Vec<(usize, f64)>, f64)>,
    slacks: usize,
}

impl Program {
    pub fn new(unknowns: usize) -> Self {
        Self { unknowns, rows: Vec::new(), slacks: 0 }
    }

    /// The terms add up to a number.
    pub fn equal(&mut self, terms: &[(usize, f64)], sum: f64) {
        self.rows.push((terms.to_vec(), sum));
    }

    /// The terms add up to a number or less.
    pub fn at_most(&mut self, terms: &[(usize, f64)], sum: f64) {
        let slack = self.unknowns + self.slacks;
        self.slacks += 1;
        self.rows.push((terms.iter().copied().chain([(slack, 1.0)]).collect(), sum));
    }

    /// A first solution; none where there is none.
    pub fn solve(self) -> Option<Solver> {
        let (columns, height) = (self.unknowns + self.slacks, self.rows.len());
        // One more unknown for each row, which makes up what is missing, and must come to nothing in the end.
        let width = columns + height;
        let mut tableau = vec![vec![0.0; width + 1]; height];
        for (place, (terms, sum)) in self.rows.iter().enumerate() {
            let sign = if *sum < 0.0 { -1.0 } else { 1.0 };
            for (column, factor) in terms {
                tableau[place][*column] += sign * factor;
            }
            tableau[place][columns + place] = 1.0;
            tableau[place][width] = sign * sum;
        }
        let mut solver = Solver { tableau, basis: (columns..width).collect(), width };
        solver.drive_out(columns)?;
        for row in &mut solver.tableau {
            let sum = row[width];
            row.truncate(columns);
            row.push(sum);
        }
        solver.width = columns;
        Some(solver)
    }
}

/// A solution, and the way to others.
pub struct Solver {
    tableau: Vec<Vec<f64>>,
    /// The unknown that each row gives.
    basis: Vec<usize>,
    width: usize,
}

impl Solver {
    /// Brings what makes up for missing sums to nothing, and drops rows that say nothing.
    fn drive_out(&mut self, columns: usize) -> Option<()> {
        loop {
            let missing = |solver: &Self, column: usize| -> f64 {
                let rows = solver.tableau.iter().zip(&solver.basis);
                rows.filter(|(_, basic)| **basic >= columns).map(|(row, _)| row[column]).sum()
            };
            // Rounding leaves crumbs: a column of nothing but those cannot enter.
            let step = (0..columns)
                .filter(|column| !self.basis.contains(column) && missing(self, *column) > NOTHING)
                .find_map(|column| Some((self.leaving(column)?, column)));
            let Some((leaving, entering)) = step else {
                if missing(self, self.width) > 1e-4 {
                    return None;
                }
                break;
            };
            self.pivot(leaving, entering);
        }
        let mut row = 0;
        while row < self.tableau.len() {
            if self.basis[row] < columns {
                row += 1;
                continue;
            }
            match (0..columns).find(|column| self.tableau[row][*column].abs() > 1e-6) {
                Some(column) => self.pivot(row, column),
                None => {
                    self.tableau.swap_remove(row);
                    self.basis.swap_remove(row);
                }
            }
        }
        Some(())
    }

    /// The row that is the first to come to nothing when a column grows.
    fn leaving(&self, entering: usize) -> Option<usize> {
        let mut best: Option<(f64, usize)> = None;
        for (place, row) in self.tableau.iter().enumerate() {
            if row[entering] <= NOTHING {
                continue;
            }
            let ratio = row[self.width] / row[entering];
            let is_better = best.is_none_or(|(least, other)| {
                ratio < least - 1e-12 || (ratio <= least + 1e-12 && self.basis[place] < self.basis[other])
            });
            if is_better {
                best = Some((ratio, place));
            }
        }
        best.map(|(_, place)| place)
    }

    fn pivot(&mut self, row: usize, column: usize) {
        let factor = self.tableau[row][column];
        for value in &mut self.tableau[row] {
            *value /= factor;
        }
        let pivot = self.tableau[row].clone();
        for (place, other) in self.tableau.iter_mut().enumerate() {
            let factor = other[column];
            if place == row || factor.abs() < 1e-12 {
                continue;
            }
            for (value, own) in other.iter_mut().zip(&pivot) {
                *value -= factor * own;
            }
        }
        self.basis[row] = column;
    }

    fn row_of(&self, unknown: usize) -> Option<usize> {
        self.basis.iter().position(|basic| *basic == unknown)
    }

    /// The most that an unknown can be; infinite where nothing holds it.
    pub fn most(&mut self, unknown: usize) -> f64 {
        loop {
            let entering = match self.row_of(unknown) {
                None => Some(unknown),
                Some(row) => (0..self.width)
                    .find(|column| !self.basis.contains(column) && self.tableau[row][*column] < -NOTHING),
            };
            let Some(entering) = entering else {
                return self.row_of(unknown).map_or(0.0, |row| self.tableau[row][self.width]);
            };
            let Some(leaving) = self.leaving(entering) else { return f64::INFINITY };
            self.pivot(leaving, entering);
        }
    }

    /// The least that an unknown can be.
    pub fn least(&mut self, unknown: usize) -> f64 {
        loop {
            let Some(row) = self.row_of(unknown) else { return 0.0 };
            let entering = (0..self.width)
                .find(|column| !self.basis.contains(column) && self.tableau[row][*column] > NOTHING);
            let Some(entering) = entering else { return self.tableau[row][self.width] };
            let Some(leaving) = self.leaving(entering) else { return self.tableau[row][self.width] };
            self.pivot(leaving, entering);
        }
    }
}

#[test]
fn margins_bound_what_is_in_them() {
    // x + y = 10, y + z = 7, y <= x.
    let mut program = Program::new(3);
    program.equal(&[(0, 1.0), (1, 1.0)], 10.0);
    program.equal(&[(1, 1.0), (2, 1.0)], 7.0);
    program.at_most(&[(1, 1.0), (0, -1.0)], 0.0);
    let mut solver = program.solve().unwrap();
    let near = |found: f64, wanted: f64| assert!((found - wanted).abs() < 1e-6, "{found} {wanted}");
    near(solver.most(0), 10.0);
    near(solver.least(0), 5.0);
    near(solver.most(1), 5.0);
    near(solver.least(1), 0.0);
    near(solver.most(2), 7.0);
    near(solver.least(2), 2.0);
}
