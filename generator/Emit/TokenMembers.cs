using Whence.Generator.Graphs;
using Whence.Generator.Ops;

namespace Whence.Generator.Emit;

/// <summary>
/// The members of a compiled network whose inputs hold tokens or sequences of a variable length: Embed, and Predict over them.
/// </summary>
internal sealed class TokenMembers
{
    private readonly Network network;
    private readonly Graph graph;
    private readonly List<Part> parts;
    private readonly int row;
    private readonly MemberNames names;
    private readonly string scratch;
    private readonly string rows;
    private readonly string results;

    public TokenMembers(Network network)
    {
        this.network = network;
        graph = network.Graph!;
        names = new(graph, graph.Parameters.Select(parameter => graph.Nodes[parameter]).Where(node => node.Settings.Flag("variable")));
        (scratch, rows, results) = (names.Local("scratch"), names.Local("rows"), names.Local("results"));
        parts = [.. graph.Parameters.Select(Of)];
        row = graph.Inputs.Sum(input => graph.Nodes[input].Shape!.Size);
    }

    /// <summary>A parameter of Forward: what it is, and for a tensor its place in a row of input.</summary>
    private sealed record Part(Node Node, int Offset, string? Lengths)
    {
        public bool IsTokens => Node.Op is TokenInput;

        public bool Varies => Node.Settings.Flag("variable");

        public int Least => Node.Settings.Int("least", 1);

        /// <summary>Numbers of a position.</summary>
        public int Width => Node.Shape!.Size / Node.Shape[0];

        public string Name => "@" + Node.Name;
    }

    /// <summary>Whether a network has tokens.</summary>
    public static bool AreIn(Graph graph) => graph.Nodes.Any(node => node.Op is TokenInput);

    /// <summary>Whether a network's rows of input are not its inputs alone.</summary>
    public static bool AreNeeded(Graph graph) =>
        graph.Parameters.Any(parameter => graph.Nodes[parameter].Op is TokenInput || graph.Nodes[parameter].Settings.Flag("variable"));

    private Part Of(int parameter) =>
        new(graph.Nodes[parameter], graph.Inputs.Where(input => input < parameter).Sum(input => graph.Nodes[input].Shape!.Size),
            graph.Nodes[parameter].Settings.Flag("variable") ? names.Lengths(graph.Nodes[parameter]) : null);

    /// <summary>In the compiled class: what the tokens are, and the filling of rows with their embeddings.</summary>
    public void WriteCompiled(SourceWriter to, Func<Layer, Shape, string> table)
    {
        var tokens = parts.Where(part => part.IsTokens).ToList();
        to.Line();
        to.Summary("The inputs that hold tokens.");
        to.Line("public global::System.Collections.Generic.IReadOnlyList<TokenInput> TokenInputs { get; } = "
            + $"[{string.Join(", ", tokens.Select(Described))}];").Line();
        to.Summary("Writes the embeddings of one input's tokens into rows of input.");
        to.Block("public void Embed(int input, ReadOnlySpan<int> tokens, ReadOnlySpan<int> lengths, Span<float> rows, int count)",
            () => to.Block("switch (input)", () =>
            {
                for (var i = 0; i < tokens.Count; i++)
                {
                    to.Line($"case {i}:");
                    to.Indented(() => WriteCase(to, table, tokens[i]));
                }
                to.Line("default:");
                to.Indented(() => to.Line("throw new ArgumentOutOfRangeException(nameof(input), input, $\"There are {TokenInputs.Count} "
                    + "inputs that hold tokens, counted from 0.\");"));
            }));
    }

    private string Described(Part part) =>
        $"new({SourceWriter.Quoted(part.Node.Name!)}, {part.Node.Shape![0]}, {(part.Varies ? "true" : "false")}, "
            + $"{Embeddings(part).Min(node => node.Settings.Int("vocabulary"))})";

    private IEnumerable<Node> Embeddings(Part part) =>
        graph.Nodes.Where(node => node.Op is Embedding && graph.Nodes[node.Inputs[0]] == part.Node);

    private void WriteCase(SourceWriter to, Func<Layer, Shape, string> table, Part part)
    {
        var length = part.Node.Shape![0];
        to.Line($"Kernels.Tokens.Require(tokens, lengths, {length}, {(part.Varies ? "true" : "false")}, "
            + $"{Embeddings(part).Min(node => node.Settings.Int("vocabulary"))}, rows.Length, InputSize, count, "
            + $"{SourceWriter.Quoted(part.Node.Name!)}{(part.Least > 1 ? $", {part.Least}" : "")});");
        var offset = part.Offset;
        foreach (var node in Embeddings(part))
        {
            var (of, width) = (Embedding.Table(node.Settings).Single().Shape, node.Settings.Int("width"));
            to.Line($"Kernels.Tokens.Embed(tokens, lengths, {length}, {table(node.Layer!, of)}, {width}, "
                + $"rows, {offset}, InputSize, count);");
            offset += length * width;
        }
        if (part.Varies)
            to.Line($"Kernels.Tokens.Present(tokens, lengths, {length}, rows, {offset}, InputSize, count);");
        to.Line("break;");
    }

    /// <summary>In the user's class.</summary>
    public void Write(SourceWriter to)
    {
        WriteEmbed(to);
        WritePredict(to, "Predict");
        WritePredict(to, "PredictUnchecked");
        if (!AreIn(graph))
            return;
        const string Interface = "global::Whence.ITokenNetwork";
        to.Line();
        to.Line($"global::System.Collections.Generic.IReadOnlyList<global::Whence.TokenInput> {Interface}.TokenInputs => "
            + "WhenceCompiled.TokenInputs;").Line();
        to.Line($"void {Interface}.Embed(int input, global::System.ReadOnlySpan<int> tokens, global::System.ReadOnlySpan<int> lengths, "
            + "global::System.Span<float> rows, int count) => WhenceCompiled.Embed(input, tokens, lengths, rows, count);");
    }

    private void WriteEmbed(SourceWriter to)
    {
        to.Line();
        to.Summary("Rows of input, for explanations: tokens as their embeddings, other inputs as they are.");
        WriteParameters(to, true);
        to.Line($"/// <param name=\"{rows}\">Receives row-major [count, {row}].</param>");
        to.Line($"/// <param name=\"{names.Count}\">How many examples.</param>");
        to.Block(NetworkFile.Public(network, $"void Embed({Parameters(true)}, global::System.Span<float> {rows}, int {names.Count})"),
            () => WriteFilling(to));
        to.Line();
        to.Summary("One row of input, for explanations: tokens as their embeddings, other inputs as they are.");
        WriteParameters(to, false);
        to.Block(NetworkFile.Public(network, $"float[] Embed({Parameters(false)})"), () =>
        {
            to.Line($"var {rows} = new float[{row}];");
            to.Line($"this.Embed({Arguments()}, {rows}, 1);");
            to.Line($"return {rows};");
        });
    }

    private void WriteFilling(SourceWriter to)
    {
        to.Line($"global::System.ArgumentOutOfRangeException.ThrowIfNegative({names.Count});");
        var input = 0;
        foreach (var part in parts)
        {
            to.Line(part.IsTokens
                ? $"this.WhenceCompiled.Embed({input++}, {part.Name}, {part.Lengths ?? "default"}, {rows}, {names.Count});"
                : part.Varies
                ? $"global::Whence.CompilerServices.Sequences.Fill({part.Name}, {part.Lengths}, {part.Node.Shape![0]}, {part.Least}, "
                    + $"{part.Width}, "
                    + $"{rows}, {part.Offset}, {row}, {names.Count}, {SourceWriter.Quoted(part.Node.Name!)});"
                : $"global::Whence.CompilerServices.Parts.Join({part.Name}, {part.Node.Shape!.Size}, {rows}, {part.Offset}, {row}, "
                    + $"{names.Count}, "
                    + $"{SourceWriter.Quoted(part.Node.Name!)});");
        }
    }

    private void WritePredict(SourceWriter to, string method)
    {
        var outputs = names.Outputs;
        var result = outputs.Sum(output => graph.Nodes[output.Node].Shape!.Size);
        to.Line();
        NetworkFile.WriteSummary(to, method, $"for <paramref name=\"{names.Count}\"/> examples");
        WriteParameters(to, true);
        foreach (var (name, output) in outputs)
            to.Line($"/// <param name=\"{name}\">Receives row-major [count, "
                + $"{string.Join(", ", graph.Nodes[output].Shape!.ToArray())}].</param>");
        to.Line($"/// <param name=\"{names.Count}\">How many examples.</param>");
        NetworkFile.WriteErrors(to, method);
        var spans = string.Join(", ", outputs.Select(output => $"global::System.Span<float> @{output.Name}"));
        to.Block(NetworkFile.Public(network, $"void {method}({Parameters(true)}, {spans}, int {names.Count})"), () =>
        {
            to.Line($"global::System.ArgumentOutOfRangeException.ThrowIfNegative({names.Count});");
            to.Line($"using var {scratch} = global::Whence.CompilerServices.Scratch.Rent({names.Count} * {row + result});");
            to.Line($"var {rows} = {scratch}.Span.Slice(0, {names.Count} * {row});")
                .Line($"var {results} = {scratch}.Span.Slice({names.Count} * {row}, {names.Count} * {result});");
            var given = parts.SelectMany(part => part.Lengths is { } lengths ? new[] { part.Name, lengths } : [part.Name]);
            to.Line($"this.Embed({string.Join(", ", given)}, {rows}, {names.Count});");
            to.Line($"global::Whence.Explainers.{method}(this, {rows}, {results}, {names.Count}, 1);");
            var offset = 0;
            foreach (var (name, output) in outputs)
            {
                var size = graph.Nodes[output].Shape!.Size;
                to.Line($"global::Whence.CompilerServices.Parts.Take({results}, {offset}, {result}, @{name}, {size}, {names.Count}, "
                    + $"{SourceWriter.Quoted(name)});");
                offset += size;
            }
        });
        if (outputs.Count > 1)
            return;
        to.Line();
        NetworkFile.WriteSummary(to, method, "for one example");
        WriteParameters(to, false);
        NetworkFile.WriteErrors(to, method);
        to.Block(NetworkFile.Public(network, $"float[] {method}({Parameters(false)})"), () =>
        {
            to.Line($"var {results} = new float[{result}];");
            to.Line($"this.{method}({Arguments()}, {results}, 1);");
            to.Line($"return {results};");
        });
    }

    private void WriteParameters(SourceWriter to, bool batch)
    {
        foreach (var part in parts)
        {
            var axes = string.Join(", ", part.Node.Shape!.ToArray());
            var content = batch ? $"Row-major [count, {axes}]"
                : !part.Varies ? $"Row-major [{axes}]"
                : part.IsTokens ? $"{part.Least} to {axes} tokens"
                : $"Row-major [{part.Least} to {axes}]";
            to.Line($"/// <param name=\"{part.Node.Name}\">{content}.</param>");
            if (batch && part.Varies)
                to.Line($"/// <param name=\"{part.Lengths}\">How many {(part.IsTokens ? "tokens" : "positions")} each example has; what is "
                    + "past them is not read. Empty if all have all.</param>");
        }
    }

    private string Parameters(bool batch) => string.Join(", ", parts.SelectMany(part => new[]
    {
        $"global::System.ReadOnlySpan<{(part.IsTokens ? "int" : "float")}> {part.Name}",
        batch && part.Varies ? $"global::System.ReadOnlySpan<int> {part.Lengths}" : "",
    }.Where(text => text.Length > 0)));

    private string Arguments() => string.Join(", ", parts.SelectMany(part => part.Varies ? new[] { part.Name, "default" } : [part.Name]));
}
