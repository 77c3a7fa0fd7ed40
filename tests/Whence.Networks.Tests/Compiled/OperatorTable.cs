using System.Text;
using Whence.Generator.Check;
using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;
using Whence.Networks.Tests.Zoo;
using Op = Whence.Generator.Ops.Op;

namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// generator/OPERATORS.md: how each method treats each operator, read off the core operators that it is made of. Every row is held by
/// <see cref="OperatorLaws"/>.
/// </summary>
public sealed class OperatorTable
{
    private static readonly string[] columns = ["value", "gradient", "Rescale", "RevealCancel", "Genomics", "guided backprop", "DeconvNet",
        "guided backprop Rescale", "LRP-epsilon"];

    private const string Head = """
        # Operators and methods

        How each method goes back through each operator. A test writes this table from what an operator is made of, and fails if it
        differs; other tests hold every cell to the eager run and to an interpreter in double precision. *m* is what comes back to the operator's value.

        """;

    private const string Notes = """

        - **transpose**: the operator is linear; what flows back is its transpose applied to *m*, whatever the method.
        - **masks**: DeepLIFT's Linear rule. Both parts of an input get one multiplier, chosen by the sign of the input's whole difference.
        - **parts pass along**: the positive and the negative part go through the operator each on its own. A sum of several values that
          depend on the input instead splits each addend by the sign of its whole difference: no published rule covers it.
        - **exchanged**: where a constant factor is negative, the positive part becomes the negative one.
        - **secant**: the difference of the values over the difference of the arguments; at no difference, the slope at the reference.
        - **two players**: RevealCancel's mean over both orders of adding the parts. An empty part gets the mean of the two slopes, the rule's limit.
          A function without a value on part of the line (Log, Reciprocal, Sqrt, ReciprocalSqrt, Pow but for whole exponents from 0 on) keeps the secant: one
          part alone may lead there. So do the functions inside the normalisations.
        - **by layer**: the secant above a convolution, two players above a Linear; where neither is below, the preset is refused (WH302) unless a layer says `Rule =`.
        - **midpoints**: each factor is given the mean of the other's two values. **Restarts**: no published rule says what the parts are, so they
          restart as the whole difference on its own side.
        - **Constants**: what no input moves (numbers, zeros, parameters, masks, and functions, layers and loops of these) has no difference from its reference,
          zero multipliers as a layer that is asked about, and contributes nothing; a product with it is a scale, the larger of it and a value a function of the value.
        - **MatMul** with a constant matrix is a dense layer: transpose, masks.
        - **winner**: to the first of the largest. **split**: the move is split at max(y, y0), each part to its own winner, which is complete for any
          reference; `MaxPool = MaxPoolRule.Gradient` takes the winner instead, which is not. Where the two winners differ the share is a quotient of
          differences, and single precision loses digits as they shrink.
          **Ties**: of several maxima of the reference a fall belongs to the one that is the largest of the input's, and of several of the input's a rise to the
          one that is the largest of the reference's; then to the first. So a winner of both moves the maximum alone, as under the authors' routing where that is complete.
          Max and Min are such a window over their two inputs; where one of them is constant they are a function of the other.
        - **shares of the way**: on the straight way from the reference each piece of a Maxout is the largest on a fraction of it, which is its share
          (the authors' code of 2016); complete.
        - **share**: exp(z - logsumexp(z)). **stable secants**: those of exp and of log, both relative to the larger result: finite at any logits.
          **less shares**: of *m* at log-softmax, its share of the sum of all *m*, or its **secant share**, how far logsumexp moves by it. Neither is ever formed
          with logsumexp itself, which is rounded as the largest logit is, but of (z - max) - log(sum(exp(z - max))), also where Forward writes z - logsumexp(z): in
          single precision as exact at logits of a hundred million as at 0. Its parts restart: z and logsumexp move together, and an activation above the shares is
          never asked about one without the other.
          What a share near 1 leaves of 1, at the input and at the reference, is summed up of the others' shares: a saturated class keeps its
          digits in single precision, also where its gap, a difference of the outputs, cannot tell.
          In attention a query that its mask lets see no key has shares of 0, so it gets zeros and passes nothing on.
          `Softmax = SoftmaxRule.Elementwise` takes each unit's own quotient, as SHAP does: complete unless a share moves while its own logit stays.
          Near the reference it is no more exact than the differences of the logits, which rounding leaves few digits of.
        - **m > 0**: only what is positive passes. **applied to m**: 0 where m is 0, also of a function that is not 0 at 0. DeconvNet has a meaning for
          activations alone; it is refused (WH301) where arithmetic is asked for: a division, Log, Square, Sqrt, ReciprocalSqrt, Pow or a normalisation of the example's own statistics. Guided backprop takes their slopes as they are.
        - **stabilised transpose**: the transpose of m z / (z + epsilon sign z). **y / x**: the slope at x = 0, and for exp everywhere, whose value at 0 is no relevance of its argument's.
        - **carried back**: the multiplier of a state is a state of the loop that goes back, step by step in the opposite order. The gates of recurrent layers are taken
          by secant under every DeepLIFT rule, unless the layer says `Rule =`.
        - **Ends of paths**: integrated gradients read the path only at its points, and reach both ends by the points' weights, which sum to 1. Conductance multiplies
          the gradient at each point by the layer's move over the piece of path that the point's weight stands for, so that the moves sum to the layer's whole
          difference, from the reference's own value to the input's. `ConductanceSum.Captum` takes the moves between the points instead, and loses those before the first
          and after the last; the gap shows it.
        - **Kinks**: where a function has two slopes the gradient takes one, and so does a secant without a difference: Relu, LeakyRelu and PRelu at
          0 the slope from the left, Abs at 0 zero, Clamp at its bounds 1, and Max or Min with a constant, where they are equal, 0: PyTorch's but
          for the last, which it halves. A value that is computed to within rounding of a kink may lie on either side of it.
        - **Embedding** is an input: what it gives is what explanations are about, and what a row of input holds. Of tokens that Forward writes it is, like
          **Parameter**, a constant that is loaded: no difference from the reference, so nothing is attributed to it, and a product with it is a scale.
        - **At infinity** an activation, its slope and its secant from a finite number are their limits: Gelu, GeluTanh, Silu and HardSwish are 0 at minus infinity
          and have no slope there. So what a mask of minus infinity is added to, or one that is computed from masks, contributes nothing through any of them.
        - **Infinite slopes.** Zero times infinity is 0: what does not move, and what nothing depends on, contributes nothing however steep a function is there. Where a
          slope may be infinite (Sqrt, Log, Reciprocal, ReciprocalSqrt, Pow below 1, a division, a function of the user's own, unless what they are applied to
          provably stays above 0) m times a slope or secant is 0 if either is; a secant without a difference is 0 if the slope at the reference is infinite, and an
          equal infinity at both ends, the logarithm of a mask, is no difference. The gradient of sqrt(sum(x^2)) at 0 is 0. Integrals along the path take a
          point at alpha = 0 or 1 where the gradient is infinite in the middle of the stretch its weight stands for; where it is 0 by this rule, as that of
          sqrt(sum(x^2)) at 0, a quadrature with a point there (left, trapezoid) lacks that stretch, and the gap shows it. A gradient that is infinite itself, and a
          difference from or to an infinity with which a function moves, have no value: the answer is refused, with the operator's name and the
          element's index. Where its value stays, as Relu(Log(x)) at 0, nothing comes of it.
        - **No value.** What is no number, as a row of a softmax that a mask of minus infinity lets see nothing, is no part of an answer that does not depend on it, by
          any method: 0 times it is 0 on the way back, also in sums of products. An answer that does depend on it is refused, by the name of the operator that has no
          value: minus infinity in a mask is none.

        """;

    [Fact]
    public void IsAsCommitted()
    {
        var (path, table) = (Path.Combine(Root(), "generator", "OPERATORS.md"), Table());
        var received = path.Replace(".md", ".received.md");
        if (File.Exists(path) && File.ReadAllText(path).ReplaceLineEndings("\n") == table)
        {
            File.Delete(received);
            return;
        }
        File.WriteAllText(received, table);
        Assert.Fail($"{path} differs from what the operators do now. Read {received}, and put it in its place if it is right.");
    }

    [Fact]
    public void EveryRowIsHeldByALaw() =>
        Assert.Equal([],
            Registry.Named.Where(op => op is not (Zeros or Embedding or FreeParameter) && !op.Examples.Any()).Select(op => op.Name));

    private static string Table()
    {
        var text = new StringBuilder(Head.ReplaceLineEndings("\n")).Append('\n');
        text.Append($"| operator | {string.Join(" | ", columns)} |\n|{string.Concat(Enumerable.Repeat(" --- |", columns.Length + 1))}\n");
        foreach (var op in Registry.Named.Where(op => op.Examples.Any()))
            text.Append($"| {(op.Name.Length == 1 ? $"`{op.Name}`" : op.Name)} | {string.Join(" | ", Cells(op))} |\n");
        string[] partial = ["Log", "Pow", "Reciprocal", "ReciprocalSqrt", "Sqrt"];
        text.Append($"| {string.Join(", ", partial)} | {string.Join(" | ", Applied("Log", RuleChoice.Rescale))} |\n");
        text.Append($"| Square, Pow to a whole exponent from 0 on | {string.Join(" | ", Applied("Square", RuleChoice.Inherit))} |\n");
        var activations = string.Join(", ", OperatorSources.Activations.Except(partial).Except(["Square"]).Order(StringComparer.Ordinal));
        text.Append($"| {activations}, and a user's own | {string.Join(" | ", Applied("Relu", RuleChoice.Inherit))} |\n");
        return text.Append(Notes.ReplaceLineEndings("\n")).ToString().TrimEnd('\n') + "\n";
    }

    private static string[] Applied(string function, RuleChoice rule) =>
        Treatment(new Node(Registry.Elementwise, EquatableArray.Of(0), Settings.None)
        {
            Function = Sketch.FunctionOf(typeof(Whence.Ops).GetNestedType(function)!), Rule = rule,
        });

    private static IEnumerable<string> Cells(Op op)
    {
        var treatments = op.Examples.SelectMany(Core).Select(Treatment).ToList();
        return Enumerable.Range(0, columns.Length).Select(column => treatments.Count == 0
            ? column == 0 ? "as it is" : "passes"
            : string.Join("; ", treatments.Select(treatment => treatment[column]).Distinct()));

        IEnumerable<Node> Core(Example example)
        {
            var graph = new GraphBuilder();
            var inputs = example.Inputs
                .Select((shape, i) =>
                    graph.AddDistinct(new Node(Registry.Input, EquatableArray.Of<int>(), Settings.None) { Shape = shape, Name = $"x{i}" }))
                .ToArray();
            var node = graph.Add(
                new Node(op, inputs.ToEquatable(), example.Settings) { Layer = new Layer("Layer", EquatableArray.Of("layer")) });
            var (user, findings) = Checker.Check(graph.Build([node], ["y"]));
            Assert.Empty(findings);
            var core = Expansion.Expand(user, []).Core;
            var live = Liveness.Of(core);
            var all = core.Nodes.Where((other, i) => live[i] && other.Op is not Input).ToList();
            // Moves between other operators are how it is done, not what it is.
            var telling = all.Where(other => other.Op is not (Relabel or SpreadAxis or Permute or Next or Final)).ToList();
            return telling.Count > 0 ? telling : all;
        }
    }

    // By family, as the methods see it; the columns' order.
    private static string[] Treatment(Node node) => node.Op switch
    {
        MixingOp => ["product", .. Everywhere("transpose", "masks", "stabilised transpose")],
        Scale => ["scale, shift", .. Everywhere("transpose", "exchanged")],
        LinearOp => [node.Op is Combine
            ? "weighted sum"
            : node.Op is AverageWindow or SumAxis or ChannelWindow || node.Settings.Has("weights") && node.Op is Resample ? "sum" : "move",
            .. Everywhere("transpose", "parts pass along")],
        ElementwiseOp when node.Function is { IsArithmetic: true } && node.Rule == RuleChoice.Rescale =>
            ["function", "slope", "secant", "secant", "secant", "slope", "refused", "secant", Relevance(node)],
        ElementwiseOp when node.Function is { IsArithmetic: true } =>
            ["function", "slope", "secant", "two players", "by layer", "slope", "refused", "secant", Relevance(node)],
        ElementwiseOp when node.Rule == RuleChoice.Rescale =>
            ["function", "slope", "secant", "secant", "secant", "slope, m > 0", "applied to m", "secant, m > 0", Relevance(node)],
        ElementwiseOp =>
            ["function", "slope", "secant", "two players", "by layer", "slope, m > 0", "applied to m", "secant, m > 0", Relevance(node)],
        Product or MatrixProduct => ["product of values", "other factor", "midpoints", "midpoints, restarts", "midpoints, restarts",
            "other factor", "other factor", "midpoints", "half of the other factor"],
        MaxPieces => ["largest piece", "winner", "shares of the way", "shares of the way, restarts", "shares of the way, restarts",
            "winner", "winner", "shares of the way", "winner"],
        MaxWindow => ["maximum", "winner", "split", "split, restarts", "split, restarts", "winner", "winner", "split", "winner"],
        LogSumExpAxis => ["log of sum of exp", "share", "stable secants", "stable secants, restarts", "stable secants, restarts", "share",
            "share", "stable secants", "share"],
        LogSoftmaxAxis => ["log-softmax", "less shares", "less secant shares", "less secant shares, restarts",
            "less secant shares, restarts", "less shares", "less shares", "less secant shares", "less shares"],
        Carried => ["state", .. Everywhere("carried back", "carried back, restarts")],
        _ => throw new InvalidOperationException($"No method treats {node.Op.Name}."),
    };

    private static string Relevance(Node node) => node.Function?.Name == "Exp" ? "slope" : "y / x";

    private static string[] Everywhere(string pass, string parts, string? relevance = null) =>
        [pass, pass, parts, parts, pass, pass, pass, relevance ?? pass];

    private static string Root([System.Runtime.CompilerServices.CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
