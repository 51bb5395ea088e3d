//! A stand-in for the kernel: what `drivers/virt/coco/guest/report.c` does with entries, as far as it is documented. No hardware was
//! asked; that a real kernel does the same is not shown here.

use super::*;
use std::cell::RefCell;
use std::collections::BTreeMap;

#[derive(Default)]
struct Kernel {
    entries: RefCell<BTreeMap<PathBuf, (u64, Vec<u8>)>>,
    made: RefCell<u64>,
    /// How often somebody else writes to an entry while it is read.
    disturbances: RefCell<u64>,
    refuses_to_answer: bool,
    has_table: bool,
}

impl System for Kernel {
    fn exists(&self, path: &Path) -> bool {
        path == Path::new(DIRECTORY)
    }

    fn make(&self, path: &Path) -> io::Result<()> {
        *self.made.borrow_mut() += 1;
        let known = self
            .entries
            .borrow_mut()
            .insert(path.to_owned(), (0, Vec::new()));
        known.map_or(Ok(()), |_| Err(ErrorKind::AlreadyExists.into()))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let removed = self.entries.borrow_mut().remove(path);
        removed.map(|_| ()).ok_or(ErrorKind::NotFound.into())
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut entries = self.entries.borrow_mut();
        let entry = path.parent().and_then(|entry| entries.get_mut(entry));
        let (generation, asked) = entry.ok_or(ErrorKind::NotFound)?;
        match path.file_name().and_then(|name| name.to_str()) {
            Some("generation") => Ok(format!("{generation}\n").into_bytes()),
            Some("provider") => Ok(b"sev_guest\n".to_vec()),
            Some("outblob") if self.refuses_to_answer => Err(ErrorKind::ResourceBusy.into()),
            Some("outblob") => {
                let mut disturbances = self.disturbances.borrow_mut();
                if *disturbances > 0 {
                    *disturbances -= 1;
                    *generation += 1;
                }
                Ok(asked.clone())
            }
            Some("auxblob") if self.has_table => Ok(vec![9]),
            _ => Err(ErrorKind::NotFound.into()),
        }
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut entries = self.entries.borrow_mut();
        let entry = path.parent().and_then(|entry| entries.get_mut(entry));
        let (generation, asked) = entry.ok_or(ErrorKind::NotFound)?;
        *generation += 1;
        *asked = bytes.to_vec();
        Ok(())
    }

    fn open(&self, _: &Path) -> io::Result<std::fs::File> {
        Err(ErrorKind::NotFound.into())
    }
}

#[test]
fn a_report_answers_what_was_asked() {
    for has_table in [false, true] {
        let kernel = Kernel {
            has_table,
            ..Kernel::default()
        };
        let report = report(&kernel, &[7; 64]).unwrap();
        assert_eq!(report.evidence, [7; 64]);
        assert_eq!(report.provider, "sev_guest");
        assert_eq!(report.table, if has_table { vec![9] } else { vec![] });
        assert!(kernel.entries.borrow().is_empty(), "the entry went away");
    }
}

#[test]
fn an_answer_to_somebody_else_is_not_taken() {
    let kernel = Kernel::default();
    *kernel.disturbances.borrow_mut() = 2;
    assert!(report(&kernel, &[7; 64]).is_ok());
    assert_eq!(*kernel.made.borrow(), 3);
    *kernel.disturbances.borrow_mut() = 3;
    let error = report(&kernel, &[7; 64]).unwrap_err();
    assert!(error.contains("somebody else"), "{error}");
    assert!(kernel.entries.borrow().is_empty());
}

#[test]
fn an_entry_goes_away_where_the_kernel_refuses() {
    let kernel = Kernel {
        refuses_to_answer: true,
        ..Kernel::default()
    };
    let error = report(&kernel, &[7; 64]).unwrap_err();
    assert!(error.starts_with("outblob"), "{error}");
    assert!(kernel.entries.borrow().is_empty());
}
