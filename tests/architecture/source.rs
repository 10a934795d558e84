//! Source text -> its tokens -> the paths that it uses.

/// One token: a word, `::`, or any other letter.
pub(crate) type Token = String;

/// A path as it is written, and the name that it gets here (`*` for all names, none for a path in an expression).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path {
    pub(crate) segments: Vec<String>,
    pub(crate) name: Option<String>,
}

/// The paths that a file uses, without those of its unit tests.
#[allow(dead_code, reason = "the documentation's test reads tokens alone")]
pub(crate) fn paths(text: &str) -> Vec<Path> {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let tokens = tokens(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if word(&tokens, at) == "use" && word(&tokens, at + 1) != "<" {
            at = tree(&tokens, at + 1, &[], &mut found);
        } else if ["crate", "super"].contains(&word(&tokens, at)) && word(&tokens, at + 1) == "::" {
            let end = (at..).step_by(2).find(|&at| word(&tokens, at + 1) != "::").unwrap_or(at);
            let segments = (at..=end).step_by(2).map(|at| word(&tokens, at).to_owned()).collect();
            found.push(Path { segments, name: None });
            at = end + 1;
        } else {
            at += 1;
        }
    }
    found
}

/// The token at a place; empty behind the end.
fn word(tokens: &[Token], at: usize) -> &str {
    tokens.get(at).map_or("", String::as_str)
}

/// One tree of a `use`, from `at` on, below `above`; returns the place behind it.
fn tree(tokens: &[Token], mut at: usize, above: &[String], found: &mut Vec<Path>) -> usize {
    let mut segments = above.to_vec();
    loop {
        match word(tokens, at) {
            "{" => {
                at += 1;
                while !["}", ";", ""].contains(&word(tokens, at)) {
                    at = tree(tokens, at, &segments, found);
                    at += usize::from(word(tokens, at) == ",");
                }
                return at + 1;
            }
            "::" => {}
            "as" => {
                found.push(Path { segments, name: Some(word(tokens, at + 1).to_owned()) });
                return at + 2;
            }
            "," | ";" | "}" | "" => {
                let last = segments.last().cloned().unwrap_or_default();
                if last == "self" {
                    segments.pop();
                }
                let name = segments.last().cloned();
                found.push(Path { segments, name });
                return at;
            }
            segment => segments.push(segment.to_owned()),
        }
        at += 1;
    }
}

/// The tokens of a text without comments and literals.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let letters: Vec<char> = text.chars().collect();
    let letter = |at: usize| letters.get(at).copied().unwrap_or('\0');
    let (mut tokens, mut at) = (Vec::new(), 0);
    while at < letters.len() {
        let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        let end = match (letter(at), letter(at + 1)) {
            ('/', '/') => (at..letters.len()).find(|&at| letter(at) == '\n').unwrap_or(letters.len()),
            ('"', _) => string_end(&letters, at),
            ('r', '"' | '#') if at == 0 || !is_word(letter(at - 1)) => raw_end(&letters, at),
            ('\'', '\\') => {
                (at + 3..letters.len()).find(|&at| letter(at) == '\'').map_or(at + 2, |at| at + 1)
            }
            ('\'', _) if letter(at + 2) == '\'' => at + 3,
            (':', ':') => {
                tokens.push("::".to_owned());
                at + 2
            }
            (first, _) if is_word(first) => {
                let end = (at..letters.len()).find(|&at| !is_word(letter(at))).unwrap_or(letters.len());
                tokens.push((at..end).map(letter).collect());
                end
            }
            (first, _) => {
                if !first.is_whitespace() {
                    tokens.push(first.to_string());
                }
                at + 1
            }
        };
        at = end;
    }
    tokens
}

/// The place behind a string literal.
fn string_end(letters: &[char], start: usize) -> usize {
    let mut at = start + 1;
    while at < letters.len() {
        match letters.get(at) {
            Some('\\') => at += 2,
            Some('"') => return at + 1,
            _ => at += 1,
        }
    }
    at
}

/// The place behind a raw string literal, or behind the `r` of a raw identifier.
fn raw_end(letters: &[char], start: usize) -> usize {
    let hashes = letters.iter().skip(start + 1).take_while(|letter| **letter == '#').count();
    let open = start + 1 + hashes;
    if letters.get(open) != Some(&'"') {
        return start + 1;
    }
    let close = |at: &usize| {
        letters.get(*at) == Some(&'"')
            && letters.iter().skip(at + 1).take(hashes).filter(|letter| **letter == '#').count() == hashes
    };
    (open + 1..letters.len()).find(close).map_or(letters.len(), |at| at + 1 + hashes)
}
