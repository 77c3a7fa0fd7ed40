using System.Globalization;
using System.Text;
using Whence.Generator.Derive;
using Whence.Generator.Graphs;
using Whence.Generator.Ops;

namespace Whence.Generator.Plan;

/// <summary>What a reader of emitted code sees values called: the user's own names where there are any.</summary>
internal sealed class Names
{
    private readonly DerivedGraph derived;
    private readonly bool[] ofReference;
    private readonly Dictionary<int, string> known = [];
    private readonly Dictionary<int, int> seeded = [];
    private readonly Taken taken = new("rows", "arguments", "arena", "patches", "back", "shift", "answer", "scratch", "probe", "kept",
        "point", "value", "x", "inputs", "reference", "started", "keptRow", "step", "sums", "multipliers", "pieces");

    public Names(DerivedGraph derived)
    {
        this.derived = derived;
        ofReference = OfReference(derived);
        // A seed is added in place: what comes to it already has its name.
        for (var id = 0; id < derived.Nodes.Count; id++)
        {
            if (derived.Nodes[id] is { Op: Seed, Inputs.Count: > 0 } node)
                seeded[node.Inputs[0]] = id;
        }
        InputSize = derived.Nodes.Where(node => node.Op is Input).Sum(node => node.Shape!.Size);
        ForwardCount = derived.Nodes.TakeWhile(node => node.Op is not (ReferenceInput or Map or Seed)).Count();
    }

    /// <summary>Floats in a row of input.</summary>
    public int InputSize { get; }

    private int ForwardCount { get; }

    /// <summary>An identifier of its own for a node's value.</summary>
    public string Of(int id)
    {
        if (!known.TryGetValue(id, out var name))
            known[id] = name = Unique(Wanted(id));
        return name;
    }

    /// <summary>What a step that makes a node's value does: in the user's words, and as a formula over what it reads.</summary>
    public string Comment(int id, Step step)
    {
        var node = derived.Nodes[id];
        // A copy on the way to it, as a kernel wants its operand.
        if (step is CopyStep or MapStep { Expr: Argument } && step.To.Name != Of(id))
            return Equal(step.To.Name, step.From[0].Name);
        var formula = Formula(node, step);
        if (derived.MoveOf.ContainsKey(id))
            return Equal(step.To.Name, null, formula);
        if (node.Said.Words is { } words)
            return $"{string.Format(CultureInfo.InvariantCulture, words, Mentioned(derived.At(node.Said.Of)))}: "
                + $"{Equal(step.To.Name, null, formula)}";
        if (node.Position >= 0 && node.Op is not Seed)
            return $"Back through {Said(derived.Nodes[derived.At(node.Position)], derived.At(node.Position))}: "
                + $"{Equal(step.To.Name, null, formula)}";
        return Equal(step.To.Name, node.Op is Map or Seed ? null : Said(node, id), formula);
    }

    private static string Equal(params string?[] sides) => string.Join(" = ", sides.OfType<string>());

    // What the user's own words say needs no formula: a call of a function, a layer.
    private static string? Formula(Node node, Step step) => step switch
    {
        MapStep { Expr: Apply { Part: Part.Value } apply } when node.Position < 0 && apply.Operands[0] is Argument => null,
        MapStep elements => ExprText.Print(elements.Expr, index => elements.From[index].Name),
        BetweenStep { Then: var then } => Within(then, $"{step.From[0].Name} + alpha * {step.From[1].Name}"),
        DenseStep { Weights: var weights } when IsDerived(node) => $"{Written(weights)} * {step.From[0].Name}",
        ConvolutionStep { Weights: var weights } when IsDerived(node) => $"{Written(weights)} * {step.From[0].Name}",
        _ => null,
    };

    private static string Within(Function? function, string formula) => function is null ? formula : $"{function.Name}({formula})";

    // Only the user's own layers have names.
    private static bool IsDerived(Node node) => node.Position >= 0 || node.Text is null;

    private static string Written(PackedWeights weights) =>
        (weights.Source.Absolute ? $"|{weights.Source.Layer.Path}|" : weights.Source.Layer.Path) + (weights.Transposed ? "^T" : "");

    // What the user gave a name is called by it, and anything else by what it is.
    private string Mentioned(int forward) => derived.Nodes[forward].Name ?? Said(derived.Nodes[forward], forward);

    private string Said(Node node, int id) => node.Text ?? node.Name ?? $"{node.Function?.Name ?? node.Op.Name} (%{id})";

    private string Wanted(int id)
    {
        var node = derived.Nodes[id];
        if (node.Said is { Words: not null } said)
            return Symbolic(LabelOf(said.Of), said.Symbol);
        if (derived.MultiplierOf.TryGetValue(seeded.TryGetValue(id, out var seed) ? seed : id, out var forward))
            return "m" + Pascal(LabelOf(forward));
        if (derived.MoveOf.TryGetValue(id, out var moved))
            return Camel(LabelOf(moved)) + "Move";
        if (node.Op is Map or Seed || node.Position >= 0)
            return node.Position >= 0 ? "m" + Pascal(LabelOf(node.Position)) : "part";
        return Camel(Label(node)) + (id >= ForwardCount && ofReference[id] ? "_0" : "");
    }

    private string LabelOf(int forward) => Label(derived.Nodes[derived.At(forward)]);

    /// <summary>What a loop is called after that computes what is worded: "PositivePart"; null where nothing was said.</summary>
    public static string? Loop(Wording said) => said.Loop ?? (said.Words is { } words
        ? string.Concat(
            words.Replace("{0}'s", "").Replace("{0}", "").Split(' ', ',').Where(word => word is not ("" or "the" or "is")).Select(Pascal))
        : null);

    // The papers write the multiplier of a value's positive part m with the value as its index.
    private static string Symbolic(string label, string symbol) =>
        symbol[0] == 'm' ? "m" + Pascal(label) + symbol.Substring(1) : Camel(label) + symbol;

    // Inputs come before their readers, so one pass knows it of all.
    private static bool[] OfReference(DerivedGraph derived)
    {
        var found = new bool[derived.Nodes.Count];
        for (var id = 0; id < found.Length; id++)
            found[id] = derived.Nodes[id].Op is ReferenceInput
                || derived.Nodes[id].Op is not Between && derived.Nodes[id].Inputs.Any(input => found[input]);
        return found;
    }

    // What only moves elements is called as the user calls the move: "flatten".
    private static string Label(Node node) =>
        node.Name ?? node.Function?.Name ?? (node.Op is Relabel ? Callee(node.Text) : null) ?? node.Op.Name;

    /// <summary>The function that a call calls; null of anything else.</summary>
    private static string? Callee(string? text) =>
        text?.IndexOf('(') is { } open and > 0 && text.IndexOf(')') == text.LastIndexOf(')') && text[text.Length - 1] == ')'
            ? text.Substring(0, open)
            : null;

    private string Unique(string wanted) => taken.Take(wanted, (name, i) => char.IsDigit(name[name.Length - 1]) ? $"{name}_{i}" : name + i);

    /// <summary>
    /// A name as a local variable. One that begins with a letter of no case is marked, so that no local is named like a member.
    /// </summary>
    public static string Camel(string name)
    {
        var pascal = Pascal(name);
        var first = char.ToLowerInvariant(pascal[0]);
        var camel = (first == char.ToUpperInvariant(first) ? "_" : "") + first + pascal.Substring(1);
        return Keywords.Contains(camel) ? camel + "Value" : camel;
    }

    /// <summary>A copy of a value: a name that no node's value has, whose parts are run together.</summary>
    public static string Copy(string name, string what) => $"{name}_{what}";

    /// <summary>A name with its parts run together, each with a capital, and without what no identifier has.</summary>
    public static string Pascal(string name)
    {
        var text = new StringBuilder();
        var begins = true;
        foreach (var c in name)
        {
            if (IsWithin(c))
                text.Append(begins ? char.ToUpperInvariant(c) : c);
            begins = !IsWithin(c);
        }
        return text.Length == 0 || !char.IsLetter(text[0]) ? "Value" + text : text.ToString();
    }

    private static bool IsWithin(char c) => c != '_' && (char.IsLetterOrDigit(c) || char.GetUnicodeCategory(c)
        is UnicodeCategory.LetterNumber or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            or UnicodeCategory.ConnectorPunctuation);

    private static readonly HashSet<string> Keywords =
    [
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal",
        "default",
        "delegate", "do", "double", "else", "enum", "event", "explicit", "extern", "false", "finally", "fixed", "float", "for", "foreach",
        "goto",
        "if", "implicit", "in", "int", "interface", "internal", "is", "lock", "long", "namespace", "new", "null", "object", "operator",
        "out",
        "override", "params", "private", "protected", "public", "readonly", "ref", "return", "sbyte", "sealed", "short", "sizeof",
        "stackalloc",
        "static", "string", "struct", "switch", "this", "throw", "true", "try", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort",
        "using",
        "virtual", "void", "volatile", "while",
    ];
}
