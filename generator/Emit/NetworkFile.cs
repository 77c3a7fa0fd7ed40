using Whence.Generator.Graphs;
using Whence.Generator.Plan;

namespace Whence.Generator.Emit;

/// <summary>What users see of a compiled network: Load, Predict, and the interfaces which explainers ask for.</summary>
internal static class NetworkFile
{
    public static (string HintName, string Text) Write(Network network, string compiled, Plans plans)
    {
        var to = Begin($"Compiled from {network.Name}.Forward.");
        InClass(to, network, Bases(network, TokenMembers.AreIn(network.Graph!), plans),
            () => WriteMembers(to, network, compiled, plans));
        return ($"{network.MetadataName}.Network.g.cs", to.ToString());
    }

    /// <summary>Opens the namespace and the classes around a network, and the class itself.</summary>
    public static void InClass(SourceWriter to, Network network, string bases, Action body)
    {
        void Nested(int depth)
        {
            if (depth == network.Containers.Count)
                to.Block($"partial {network.Keyword} {network.Name}{bases}", body);
            else
                to.Block(network.Containers[depth], () => Nested(depth + 1));
        }
        if (network.Namespace.Length == 0)
            Nested(0);
        else
            to.Block($"namespace {network.Namespace}", () => Nested(0));
    }

    private static string Bases(Network network, bool hasTokens, Plans? plans = null)
    {
        var passes = plans?.Path is null ? "CompilerServices.IHostPasses<float>" : "CompilerServices.IPathPasses<float>";
        string[] exact = plans?.Piecewise is null ? [] : ["CompilerServices.IExactPaths<float>"];
        return Listed([.. Asked(network, hasTokens), passes, .. exact, "INetwork"]);
    }

    // What explainers ask for.
    private static IEnumerable<string> Asked(Network network, bool hasTokens) =>
        hasTokens ? network.Explain.Interfaces.Append("ITokenNetwork") : network.Explain.Interfaces;

    private static string Listed(IEnumerable<string> types) => " : " + string.Join(", ", types.Select(name => "global::Whence." + name));

    private const string Token = "global::System.Threading.CancellationToken";

    private const string Cancelled = "/// <exception cref=\"global::System.OperationCanceledException\">It was cancelled, between two "
        + "pieces of the weights.</exception>";

    private static void WriteMembers(SourceWriter to, Network network, string compiled, Plans plans)
    {
        var hasPath = plans.Path is not null;
        var type = $"global::Whence.Compiled.{compiled}";
        to.Line($"private {type}? whenceCompiled;").Line();
        if (network.IsOnGpu)
            to.Line($"private {type}ForGpu? whenceOnGpu;").Line();
        to.Line($"private {type} WhenceCompiled => whenceCompiled ?? throw new global::System.InvalidOperationException(\"{network.Name} "
            + $"has no weights yet: make it with {network.Name}.Load(...).\");").Line();
        to.Summary("Loads the network's weights from a safetensors file and packs them.");
        to.Line("/// <exception cref=\"global::Whence.WeightsException\">A tensor is missing, or of another shape.</exception>");
        to.Line($"public static {network.Name} Load(string path) => Load(path, default);").Line();
        to.Line("/// <inheritdoc cref=\"Load(string)\"/>").Line(Cancelled);
        to.Block($"public static {network.Name} Load(string path, {Token} cancellation)", () =>
            to.Line("using var weights = global::Whence.Weights.Open(path, cancellation);").Line("return Load(weights, cancellation);"));
        to.Line();
        to.Summary("Packs the network's weights; the file may be closed afterwards.");
        to.Line("/// <exception cref=\"global::Whence.WeightsException\">A tensor is missing, or of another shape.</exception>");
        to.Line($"public static {network.Name} Load(global::Whence.Weights weights) => Load(weights, default);").Line();
        to.Line("/// <inheritdoc cref=\"Load(global::Whence.Weights)\"/>").Line(Cancelled);
        to.Block($"public static {network.Name} Load(global::Whence.Weights weights, {Token} cancellation)", () =>
        {
            to.Line("global::System.ArgumentNullException.ThrowIfNull(weights);");
            to.Line("var read = weights.WithCancellation(cancellation);");
            to.Line($"var network = new {network.Name} {{ whenceCompiled = new {type}(read) }};");
            if (network.IsOnGpu)
                to.Line($"network.whenceOnGpu = new {type}ForGpu(read);");
            to.Line("cancellation.ThrowIfCancellationRequested();");
            to.Line("network.WhenceAttach(global::Whence.CompilerServices.WeightScope.Of(read.WithCancellation(default)));");
            to.Line("return network;");
        });
        if (TokenMembers.AreNeeded(network.Graph!))
            new TokenMembers(network).Write(to);
        else
            WritePredict(to, network);
        WriteInterface(to, network);
        if (hasPath)
            WritePathInterface(to);
        if (plans.Local is not null)
        {
            to.Line().Line("global::Whence.CompilerServices.ILocalPasses<float>? "
                + "global::Whence.CompilerServices.IHostPasses<float>.Local => WhenceCompiled;");
        }
        if (plans.Piecewise is not null)
            WriteExactInterface(to, compiled);
        if (network.IsOnGpu)
            WriteOnGpu(to, network, TokenMembers.AreIn(network.Graph!));
    }

    private static void WriteOnGpu(SourceWriter to, Network network, bool hasTokens, string? missing = null)
    {
        const string Device = "[global::System.Diagnostics.CodeAnalysis.RequiresDynamicCode(\"ILGPU compiles kernels when they are first "
            + "run.\")]";
        to.Line();
        to.Summary("The network on a device: every explainer takes it in place of the network itself.");
        to.Line(Device);
        to.Line("public GpuNetwork OnGpu(global::Whence.GpuDevice device) => " + (missing is null
            ? "new(device, this, whenceOnGpu ?? throw new global::System.InvalidOperationException("
                + $"\"{network.Name} has no weights yet: make it with {network.Name}.Load(...).\"));"
            : $"{missing};"));
        to.Line();
        to.Summary("The network on a device.");
        to.Line(Device);
        to.Block($"public sealed class GpuNetwork{Listed(Asked(network, hasTokens).Prepend("Gpu.GpuNetwork"))}", () =>
        {
            to.Block(
                $"internal GpuNetwork(global::Whence.GpuDevice device, {network.Name} network, global::Whence.Gpu.GpuPrograms programs)"
                    + " : base(device, network, programs)", () => { });
            if (hasTokens)
                WriteTokensOnGpu(to);
        });
    }

    private static void WriteTokensOnGpu(SourceWriter to)
    {
        const string Interface = "global::Whence.ITokenNetwork";
        to.Line().Line($"global::System.Collections.Generic.IReadOnlyList<global::Whence.TokenInput> {Interface}.TokenInputs => "
            + $"(({Interface})Host).TokenInputs;").Line();
        to.Line($"void {Interface}.Embed(int input, global::System.ReadOnlySpan<int> tokens, global::System.ReadOnlySpan<int> lengths, "
            + $"global::System.Span<float> rows, int count) => (({Interface})Host).Embed(input, tokens, lengths, rows, count);");
    }

    /// <summary>
    /// The header of a public method, given what it returns, its name and its parameters. A base class may have declared it for several
    /// networks.
    /// </summary>
    public static string Public(Network network, string header)
    {
        var (name, open) = (header.IndexOf(' ') + 1, header.IndexOf('('));
        var types = header.Substring(open + 1).TrimEnd(')').Split([", "], StringSplitOptions.None)
            .Select(parameter => parameter.Substring(0, parameter.LastIndexOf(' ')));
        var signature = $"{header.Substring(name, open - name)}({string.Join(", ", types)})";
        return $"public {(network.Overrides.Contains(signature) ? "override " : "")}{header}";
    }

    /// <summary>What a file in the user's class begins with.</summary>
    public static SourceWriter Begin(string about) => new SourceWriter()
        .Line("// <auto-generated/>").Line($"// {about}").Line("#nullable enable")
        .Line("#pragma warning disable CS0108, CS0114 // A base class may have members of these names, which are not meant.").Line();

    private static void WritePredict(SourceWriter to, Network network)
    {
        WritePredict(to, network, "Predict");
        WritePredict(to, network, "PredictUnchecked");
    }

    private static void WritePredict(SourceWriter to, Network network, string method)
    {
        var graph = network.Graph!;
        var inputs = graph.Inputs.Select(input => graph.Nodes[input]).ToList();
        var names = new MemberNames(graph, []);
        to.Line();
        WriteSummary(to, method, $"for <paramref name=\"{names.Count}\"/> examples");
        foreach (var input in inputs)
            to.Line($"/// <param name=\"{input.Name}\">Row-major [count, {string.Join(", ", input.Shape!.ToArray())}].</param>");
        foreach (var (name, output) in names.Outputs)
            to.Line($"/// <param name=\"{name}\">Receives row-major [count, "
                + $"{string.Join(", ", graph.Nodes[output].Shape!.ToArray())}].</param>");
        to.Line($"/// <param name=\"{names.Count}\">How many examples.</param>");
        WriteErrors(to, method);
        var parameters = inputs.Select(input => $"global::System.ReadOnlySpan<float> @{input.Name}")
            .Concat(names.Outputs.Select(output => $"global::System.Span<float> @{output.Name}"));
        var single = inputs.Count == 1 && names.Outputs.Count == 1;
        to.Line(Public(network, $"void {method}({string.Join(", ", parameters)}, int {names.Count})") + (single ? " =>" : ""));
        if (!single)
        {
            WriteJoined(to, method, inputs, names,
                names.Outputs.Select(output => (output.Name, graph.Nodes[output.Node].Shape!.Size)).ToList());
            return;
        }
        to.Line($"    global::Whence.Explainers.{method}(this, @{inputs[0].Name}, @{names.Outputs[0].Name}, {names.Count}, 1);");
        to.Line();
        WriteSummary(to, method, "for one example");
        WriteErrors(to, method);
        to.Block(Public(network, $"float[] {method}(global::System.ReadOnlySpan<float> @{inputs[0].Name})"), () =>
        {
            var result = names.Local("result");
            to.Line($"var {result} = new float[{graph.Nodes[names.Outputs[0].Node].Shape!.Size}];");
            to.Line($"this.{method}(@{inputs[0].Name}, {result}, 1);");
            to.Line($"return {result};");
        });
    }

    /// <summary>What a Predict does, and what it does with values that are not finite.</summary>
    public static void WriteSummary(SourceWriter to, string method, string examples) => to.Line(method == "Predict"
        ? $"/// <summary>What Forward computes, {examples}, in single precision.</summary>"
        : $"/// <summary>What Forward computes, {examples}, in single precision, also where it is infinite or not a number.</summary>");

    /// <summary>What a Predict throws beside wrong arguments.</summary>
    public static void WriteErrors(SourceWriter to, string method)
    {
        if (method == "Predict")
            to.Line("/// <exception cref=\"global::Whence.NonFiniteException\">An output is infinite or not a number.</exception>");
    }

    /// <summary>Several inputs make one row of input, and one row of output several outputs.</summary>
    private static void WriteJoined(SourceWriter to, string method, IReadOnlyList<Node> inputs, MemberNames names,
        IReadOnlyList<(string Name, int Size)> outputs) => to.Block("", () =>
        {
            var (row, result) = (inputs.Sum(input => input.Shape!.Size), outputs.Sum(output => output.Size));
            var (scratch, rows, results) = (names.Local("scratch"), names.Local("rows"), names.Local("results"));
            const string Parts = "global::Whence.CompilerServices.Parts";
            to.Line($"global::System.ArgumentOutOfRangeException.ThrowIfNegative({names.Count});");
            to.Line($"using var {scratch} = global::Whence.CompilerServices.Scratch.Rent({names.Count} * {row + result});");
            to.Line($"var {rows} = {scratch}.Span.Slice(0, {names.Count} * {row});")
                .Line($"var {results} = {scratch}.Span.Slice({names.Count} * {row});");
            var offset = 0;
            foreach (var input in inputs)
            {
                to.Line($"{Parts}.Join(@{input.Name}, {input.Shape!.Size}, {rows}, {offset}, {row}, {names.Count}, "
                    + $"{SourceWriter.Quoted(input.Name!)});");
                offset += input.Shape.Size;
            }
            to.Line($"global::Whence.Explainers.{method}(this, {rows}, {results}, {names.Count}, 1);");
            offset = 0;
            foreach (var (name, size) in outputs)
            {
                to.Line($"{Parts}.Take({results}, {offset}, {result}, @{name}, {size}, {names.Count}, {SourceWriter.Quoted(name)});");
                offset += size;
            }
        });

    private static void WriteInterface(SourceWriter to, Network network, string? missing = null)
    {
        const string Model = "global::Whence.IModel<float>";
        const string Walks = "global::Whence.CompilerServices.IHostPasses<float>";
        string Body(string call) => missing ?? $"WhenceCompiled.{call}";
        to.Line();
        if (!network.HasSignature)
            to.Summary("Names and shapes, and what was compiled.");
        to.Line($"{(network.HasSignature ? $"global::Whence.Signature {Model}." : "public global::Whence.Signature ")}Signature => "
            + $"{Body("Signature")};").Line();
        to.Line($"void {Model}.Forward(global::System.ReadOnlySpan<float> x, int point, global::System.Span<float> value, int rows) => "
            + $"{Body("Forward(x, point, value, rows)")};").Line();
        to.Line($"int {Walks}.KeptSize(global::Whence.Pass pass) => {Body("KeptSize(pass)")};").Line();
        to.Line($"void {Walks}.Keep(global::Whence.Pass pass, global::System.ReadOnlySpan<float> reference, global::System.Span<float> "
            + $"kept, int rows) => {Body("Keep(pass, reference, kept, rows)")};").Line();
        to.Line(
            $"void {Walks}.Backward(global::Whence.Pass pass, ref global::Whence.CompilerServices.BackwardArguments<float> arguments) => "
                + $"{Body("Backward(pass, in arguments)")};")
            .Line();
        to.Line($"string? {Model}.FirstNonFinite(global::System.ReadOnlySpan<float> x) => {Body("FirstNonFinite(x)")};").Line();
        to.Line($"global::Whence.Fault? {Model}.FirstFault(global::System.ReadOnlySpan<float> x, bool steep) => "
            + $"{Body("FirstFault(x, steep)")};").Line();
        to.Line($"global::Whence.Fault? {Model}.FirstFault(in global::Whence.CompilerServices.FaultSearch<float> search) => "
            + $"{Body("FirstFault(in search)")};");
    }

    private static void WritePathInterface(SourceWriter to)
    {
        const string Walks = "global::Whence.CompilerServices.IPathPasses<float>";
        const string Read = "global::System.ReadOnlySpan<float>";
        to.Line();
        to.Line($"global::Whence.CompilerServices.PathSizes {Walks}.PathSizes => WhenceCompiled.PathSizes;").Line();
        to.Line($"bool {Walks}.Follows(int from, int to) => WhenceCompiled.Follows(from, to);").Line();
        to.Line($"void {Walks}.BeginPaths({Read} x, {Read} reference, global::System.Span<float> kept, int paths) => "
            + "WhenceCompiled.PathBegin(x, reference, kept, paths);").Line();
        to.Line($"void {Walks}.StepPath(ref global::Whence.CompilerServices.BackwardArguments<float> arguments) => WhenceCompiled.Path(in "
            + "arguments);")
            .Line();
        to.Line($"void {Walks}.EndPaths(global::System.ReadOnlySpan<double> sums, {Read} kept, global::System.Span<float> multipliers, int "
            + "paths) => WhenceCompiled.PathEnd(sums, kept, multipliers, paths);");
    }

    private static void WriteExactInterface(SourceWriter to, string compiled)
    {
        const string Services = "global::Whence.CompilerServices";
        to.Line();
        to.Line($"bool {Services}.IExactPaths<float>.IsPiecewiseLinear(int point) => "
            + $"global::Whence.Compiled.{compiled}.IsPiecewiseLinear(point);").Line();
        to.Line($"{Services}.ExactIntegral {Services}.IExactPaths<float>.IntegratePath(in {Services}.ExactPath<float> path) => "
            + "WhenceCompiled.IntegratePath(in path);");
    }

    /// <summary>
    /// The members of a network in which something is wrong, so that where it is used nothing more is: none of them runs.
    /// </summary>
    public static (string HintName, string Text) WriteMissing(Network network, MissingMembers members)
    {
        var to = Begin($"{network.Name} is not compiled, because of what is reported about it. Its members are here so that no call of "
            + "them is an error too.");
        InClass(to, network, Bases(network, members.HasTokens), () =>
        {
            const string Missing =
                "throw new global::System.InvalidOperationException(\"The network has errors and was not compiled.\")";
            var isFirst = true;
            foreach (var header in members.Headers.Select(header => Public(network, header)))
            {
                if (!isFirst)
                    to.Line();
                to.Summary("Not compiled, because of the network's errors.").Line($"{header} => {Missing};");
                isFirst = false;
            }
            if (members.HasTokens)
            {
                const string Interface = "global::Whence.ITokenNetwork";
                to.Line().Line($"global::System.Collections.Generic.IReadOnlyList<global::Whence.TokenInput> {Interface}.TokenInputs "
                    + $"=> {Missing};").Line();
                to.Line($"void {Interface}.Embed(int input, global::System.ReadOnlySpan<int> tokens, global::System.ReadOnlySpan<int> "
                    + $"lengths, global::System.Span<float> rows, int count) => {Missing};");
            }
            WriteInterface(to, network, Missing);
            if (members.IsOnGpu)
                WriteOnGpu(to, network, members.HasTokens, Missing);
        });
        return ($"{network.MetadataName}.Network.g.cs", to.ToString());
    }
}
