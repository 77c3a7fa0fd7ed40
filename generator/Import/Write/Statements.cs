using Microsoft.CodeAnalysis.CSharp;
using Whence.Import.Declare;

namespace Whence.Import.Write;

/// <summary>
/// The body of Forward: what is read once stands where it is read, as long as the line stays short; a value that replaces another keeps its
/// name.
/// </summary>
internal sealed class Statements
{
    private const int Long = 96;
    private static readonly string[] Locals = ["x", "y", "z", "w", "u", "v"];
    private static readonly Step Difference = new("-", []) { Operands = [new Whole(0), new Whole(0)] };

    private readonly Declaration declaration;
    private readonly Dictionary<Step, int> uses = [];
    private readonly HashSet<Step> kept = [];
    private readonly Dictionary<Step, string> names = [];
    private readonly Dictionary<FromStep, string> parts = [];
    private readonly HashSet<string> taken = [];

    private Statements(Declaration declaration) => this.declaration = declaration;

    /// <summary>The lines of Forward; one alone is an expression.</summary>
    /// <param name="declaration">Its steps.</param>
    /// <param name="inputs">The names of its parameters.</param>
    public static IReadOnlyList<string> Of(Declaration declaration, IReadOnlyList<string> inputs)
    {
        var statements = new Statements(declaration);
        for (var i = 0; i < inputs.Count; i++)
            statements.names[declaration.Inputs[i]] = inputs[i];
        return statements.Write(inputs);
    }

    private List<string> Write(IReadOnlyList<string> inputs)
    {
        foreach (var read in declaration.Steps.SelectMany(step => step.Read).Concat(declaration.Outputs))
            uses[read] = uses.GetValueOrDefault(read) + 1;
        // A part that reads another has a line of its own.
        var readByPart = declaration.Steps.Where(step => step.Block is not null).SelectMany(step => step.Read).ToHashSet();
        foreach (var step in declaration.Steps)
        {
            // A list of numbers is broken into lines as it is.
            var isLong = step.Operands.Count <= 12 && Text(step).Length > Long;
            if (uses.GetValueOrDefault(step) > 1 && !IsAtom(step)
                || isLong && uses.GetValueOrDefault(step) > 0 && !declaration.Outputs.Contains(step)
                || step.Parts > 1
                || step.Block is not null && readByPart.Contains(step))
            {
                kept.Add(step);
                names[step] = Locals[0];
            }
        }
        var order = declaration.Steps.Where(kept.Contains).ToList();
        order.ForEach(step => names.Remove(step));
        var last = new Dictionary<Step, int>();
        for (var i = 0; i < order.Count; i++)
        {
            foreach (var read in Roots(order[i]))
                last[read] = i;
        }
        foreach (var read in declaration.Outputs.SelectMany(output => kept.Contains(output) ? [output] : Roots(output)))
            last[read] = order.Count;
        taken.UnionWith(inputs.Concat(Locals).Concat(declaration.Steps.Select(step => step.Block?.Field).OfType<string>()));
        return [.. order.SelectMany((step, i) => step.Parts > 1 ? Several(step) : [Assigned(step, i, last, inputs)]), Returned()];
    }

    private string Assigned(Step step, int at, Dictionary<Step, int> last, IReadOnlyList<string> inputs)
    {
        var text = Text(step);
        var dying = Roots(step).Where(read => last[read] == at && (kept.Contains(read) || IsPlainInput(read)) && read.Parts == 1
                && names.ContainsKey(read))
            .OrderBy(read => names[read] == "x" ? 0 : 1).FirstOrDefault();
        if (dying is not null)
        {
            names[step] = names[dying];
            return $"{names[step]} = {text};";
        }
        var living = names.Where(pair => last.GetValueOrDefault(pair.Key, -1) >= at || !kept.Contains(pair.Key))
            .Select(pair => pair.Value)
            .ToHashSet();
        var free = Locals.FirstOrDefault(name => !living.Contains(name) && !inputs.Contains(name)) ?? $"v{at + 1}";
        var isKnown = names.Any(pair => pair.Value == free);
        names[step] = free;
        return $"{(isKnown ? "" : "var ")}{free} = {text};";
    }

    /// <summary>Whether a step's text holds a list of tensors.</summary>
    public static bool HasList(Step step) => step is { Word: "Stack", Operands: [FromStep { Step.IsLoop: true }] };

    /// <summary>A step of several tensors: a cell's states, or a loop.</summary>
    private List<string> Several(Step step)
    {
        if (!step.IsLoop)
        {
            var text = Text(step);
            return [$"var ({Named(step, 0, "h")}, {Named(step, 1, "c")}) = {text};"];
        }
        var sequence = Text(step.Operands[0], step, false);
        var initial = step.Operands.Skip(1).Select(state => Text(state, step, false)).ToArray();
        string[] words = ["h", "c"];
        var states = initial.Select((_, i) => Named(step, i + 1, words[i])).ToArray();
        List<string> lines = [.. states.Select((state, i) => $"var {state} = {initial[i]};")];
        var isListed = declaration.Steps.Any(reader => HasList(reader) && reader.Operands[0] is FromStep from && from.Step == step);
        if (isListed)
            lines.Add($"var {Named(step, 0, "states")} = new List<Tensor>();");
        var one = Free("step");
        taken.Remove(one);
        lines.AddRange([$"foreach (var {one} in {sequence})", "{", $"    {Next(step, one, states)};"]);
        if (isListed)
            lines.Add($"    {parts[new(step, 0)]}.Add({states[0]});");
        lines.Add("}");
        return lines;
    }

    private static string Next(Step loop, string step, string[] states)
    {
        var called = $"{loop.Layer!.Member}({(loop.Word == loop.Layer.Kind ? $"{step}, " : "")}{string.Join(", ", states)})";
        return states.Length > 1 ? $"({string.Join(", ", states)}) = {called}"
            : $"{states[0]} = {(loop.Word == loop.Layer.Kind ? called : $"{loop.Word}({step} + {called})")}";
    }

    private string Named(Step step, int part, string word) => parts[new(step, part)] = Free(word);

    private string Free(string word)
    {
        var name = word;
        for (var number = 2; !taken.Add(name); number++)
            name = word + Words.Of(number);
        return name;
    }

    private string Returned() => declaration.Outputs.Count == 1 ? $"return {Named(declaration.Outputs[0])};"
        : $"return ({string.Join(", ", declaration.Outputs.Select(Named))});";

    private string Named(Step step) => names.TryGetValue(step, out var name) ? name : Text(step);

    /// <summary>A step that is as short as a name and may be said again.</summary>
    // A parameter that is called x may become the next x.
    private bool IsPlainInput(Step step) => step.Input is not null && names[step] == "x" && uses[step] > 0;

    private static bool IsAtom(Step step) => step.Layer is { Takes: 0 };

    /// <summary>The named steps that a step's text reads.</summary>
    private IEnumerable<Step> Roots(Step step)
    {
        var open = new Stack<Step>(step.Read);
        var seen = new HashSet<Step>();
        while (open.TryPop(out var read))
        {
            if (!seen.Add(read))
                continue;
            if (kept.Contains(read) || read.Input is not null)
            {
                yield return read;
                continue;
            }
            foreach (var below in read.Read)
                open.Push(below);
        }
    }

    private string Text(Operand operand, Step parent, bool isRight) => operand switch
    {
        FromStep from => parts.TryGetValue(from, out var part) ? part
            : names.TryGetValue(from.Step, out var name) ? name
            : Text(from.Step, parent, isRight),
        Number number => Prefixed(number.Name, Words.Of(number.Value)),
        Declare.Whole whole => Prefixed(whole.Name, Words.Of(whole.Value)),
        LengthOf length => $"length: {names[length.Input]}.Shape[0]",
        Literally literally => Prefixed(literally.Name, literally.Text),
        _ => throw new InvalidOperationException("An operand without text."),
    };

    private static string Prefixed(string? name, string text) => name is null ? text : $"{name}: {text}";

    private string Text(Step step, Step parent, bool isRight)
    {
        var text = Text(step);
        return parent.IsOperator && step.IsOperator && Binds(step) < Binds(parent) + (isRight && parent.Operands.Count == 2 ? 1 : 0)
            ? $"({text})"
            : text;
    }

    private static int Binds(Step step) => step.Operands.Count == 1 ? 5 : step.Word is "*" or "/" ? 3 : 1;

    private string Text(Step step)
    {
        if (step.IsOperator && step.Operands.Count == 1)
            return $"-{Text(step.Operands[0], step, true)}";
        if (step.IsOperator)
        {
            var (word, right) = (step.Word, step.Operands[1]);
            if (word is "+" or "-" && right is Number { Name: null, Value: < 0 and > double.NegativeInfinity } negative)
                (word, right) = (word == "+" ? "-" : "+", negative with { Value = -negative.Value });
            // A sum with what is negated is a difference.
            if (word == "+" && right is FromStep { Step: { IsOperator: true, Operands: [var negated] } from } && !names.ContainsKey(from))
                return $"{Text(step.Operands[0], step, false)} - {Text(negated, Difference, true)}";
            return $"{Text(step.Operands[0], step, false)} {word} {Text(right, step, true)}";
        }
        var called = step.Layer?.Member ?? (step.Block is { } block ? $"{block.Field}.Forward" : step.Word);
        return $"{called}({string.Join(", ", step.Operands.Select(operand => Text(operand, step, false)))})";
    }

    /// <summary>An input's name, unless an exporter made it up of an operator's, "onnx::Flatten_0", or numbered it, "Input247".</summary>
    private static string Telling(string name, int inputs) => name.Contains("::", StringComparison.Ordinal) ? ""
        : inputs == 1 && name.Length > 2 && char.IsAsciiDigit(name[^2]) ? Words.Camel(name.TrimEnd("0123456789".ToCharArray()))
        : Words.Camel(name);

    /// <summary>Names for inputs: the file's in camel case, never two alike.</summary>
    public static IReadOnlyList<string> Inputs(Declaration declaration)
    {
        var names = new List<string>();
        foreach (var input in declaration.Inputs)
        {
            var name = Telling(input.Word, declaration.Inputs.Count);
            if (name.Length == 0)
                name = declaration.Inputs.Count == 1 ? "x" : "input" + Words.Of(names.Count + 1);
            if (SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None
                || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None
                || Locals.Contains(name) && name != "x")
                name += "Input";
            while (names.Contains(name))
                name += "2";
            names.Add(name);
        }
        return names;
    }
}
