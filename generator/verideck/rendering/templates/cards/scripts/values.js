// What was typed and what is accepted, compared as values: numbers, shapes, tensors, else words.
var UNITS = {
  "%": ["", 0.01], percent: ["", 0.01], thousand: ["", 1e3], million: ["", 1e6], billion: ["", 1e9],
  byte: ["b", 1], bytes: ["b", 1], kB: ["b", 1e3], KB: ["b", 1e3], MB: ["b", 1e6], GB: ["b", 1e9], TB: ["b", 1e12],
  KiB: ["b", 1024], MiB: ["b", 1048576], GiB: ["b", 1073741824], TiB: ["b", 1099511627776],
  nat: ["i", 1], nats: ["i", 1], bit: ["i", Math.LN2], bits: ["i", Math.LN2],
};

// Right as it stands, right as a value, or wrong.
function compared(typed, accepted) {
  if (tidy(typed) === tidy(accepted)) return "same";
  var one = value(typed);
  var other = value(accepted);
  if (one && other) return agree(one, other) ? "equal" : "wrong";
  return !one && !other && letters(typed) === letters(accepted) ? "equal" : "wrong";
}

function tidy(text) {
  return text.normalize("NFC").trim().replace(/\s+/g, " ");
}

function letters(text) {
  return tidy(text)
    .toLowerCase()
    .replace(/[\u2212\u2010\u2011]/g, "-")
    .replace(/[\u00d7\u00b7*]/g, "*")
    .replace(/[`$\s]|\.$/g, "");
}

function value(text) {
  text = tidy(text)
    .replace(/^[`$]+|[`$]+$/g, "")
    .replace(/\u2212/g, "-")
    .trim();
  if (/^(true|false)$/i.test(text)) return { truth: text.toLowerCase() };
  return sizes(text) || nested(text) || quantity(text);
}

// A shape such as 2x5x64.
function sizes(text) {
  var plain = text.replace(/\s*[x\u00d7]\s*/g, "x");
  if (!/^[1-9]\d*(x[1-9]\d*)+$/.test(plain)) return null;
  return { items: plain.split("x").map(quantity) };
}

// A tuple, list, tensor or shape: brackets of either kind, and what torch prints around them.
function nested(text) {
  var inner = /^(?:(?:torch\.)?(?:Size|tensor|Tensor)|(?:np\.|numpy\.)?array)\s*\((.*)\)$/.exec(text);
  if (inner) text = inner[1].replace(/,\s*(?:dtype|device|grad_fn|requires_grad)=.*$/, "").trim();
  if (!/^[[(].*[\])]$/.test(text)) return inner ? quantity(text) : null;
  var tokens = text.match(/[[\](),]|[^[\](),]+/g);
  var place = 0;
  var found = list();
  return found && place === tokens.length ? found : null;

  function list() {
    var open = tokens[place];
    var items = [];
    place += 1;
    while (place < tokens.length) {
      var token = tokens[place].trim();
      if (token === "]" || token === ")") {
        place += 1;
        return (token === "]") === (open === "[") ? { items: items } : null;
      }
      var item = token === "[" || token === "(" ? list() : quantity(token, place++);
      if (!item) return null;
      items.push(item);
      while (place < tokens.length && !tokens[place].trim()) place += 1;
      if (tokens[place] === ",") place += 1;
      else if (tokens[place] !== "]" && tokens[place] !== ")") return null;
      while (place < tokens.length && !tokens[place].trim()) place += 1;
    }
    return null;
  }
}

function quantity(text) {
  var found = /^(.*?[\d.)])\s*(%|[A-Za-z]+)?$/.exec(text.trim());
  if (!found) return null;
  var unit = found[2] === undefined ? null : Object.prototype.hasOwnProperty.call(UNITS, found[2]) ? UNITS[found[2]] : 0;
  var read = unit === 0 ? null : numeral(found[1]);
  if (!read) return null;
  var factor = unit ? unit[1] : 1;
  return { amount: read.amount * factor, step: read.step * factor, measures: unit ? unit[0] : "", bare: read };
}

// A number and one unit of its last digit, which is 0 where the number is exact.
function numeral(text) {
  var halves = text.split("/");
  if (halves.length === 2) {
    var over = numeral(halves[0].trim());
    var under = numeral(halves[1].trim());
    return over && under && under.amount ? { amount: over.amount / under.amount, step: 0 } : null;
  }
  text = text.replace(/\s*[x\u00d7*]\s*10\s*(?:\^|\*\*)\s*/, "e");
  text = text.replace(/^([+-]?\d{1,3})((?:,\d{3})+|(?:[ _]\d{3})+)(?![\d,])/, function (whole, first, rest) {
    return first + rest.replace(/[, _]/g, "");
  });
  var found = /^[+-]?(?:\d+(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d{1,3}))?$/.exec(text);
  if (!found) return null;
  var decimals = (found[1] || found[2] || "").length;
  var power = Number(found[3] || 0);
  var step = decimals || power < 0 ? Math.pow(10, power - decimals) : 0;
  return { amount: Number(text), step: step };
}

// Typed digits may go on where the accepted answer was rounded; they may not stop before it.
function agree(typed, accepted) {
  if (typed.truth || accepted.truth) return typed.truth === accepted.truth;
  if (typed.items || accepted.items) {
    if (!typed.items || !accepted.items || typed.items.length !== accepted.items.length) return false;
    return typed.items.every(function (item, place) {
      return agree(item, accepted.items[place]);
    });
  }
  if (!typed.measures && accepted.measures) typed = scaled(typed, accepted);
  if (typed.measures !== accepted.measures) return false;
  var apart = Math.abs(typed.amount - accepted.amount);
  if (apart <= 1e-9 * Math.abs(accepted.amount)) return true;
  var finer = accepted.step > 0 && typed.step > 0 && typed.step < accepted.step;
  return finer && apart <= accepted.step * (0.5 + 1e-9);
}

// A number without a unit is meant in the answer's.
function scaled(typed, accepted) {
  var factor = accepted.bare.amount ? accepted.amount / accepted.bare.amount : 1;
  return { amount: typed.amount * factor, step: typed.step * factor, measures: accepted.measures };
}
