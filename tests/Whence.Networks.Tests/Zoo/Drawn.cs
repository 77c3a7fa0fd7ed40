using Whence.Generator.Graphs;
using Whence.Networks.Tests.Interpret;

namespace Whence.Networks.Tests.Zoo;

/// <summary>
/// Networks with weights by chance, of shapes that the trained ones have not: branches, residuals, gates, pools, several inputs and
/// outputs.
/// </summary>
internal static class Drawn
{
    public static IEnumerable<ZooNetwork> All =>
        [Inception(), Residual(), Attention(), Gated(), TwoInputs(), Sequence(), Shared(), Masked(), Text()];

    private static ZooNetwork Inception()
    {
        var s = new Sketch();
        var x = s.Input("image", 3, 8, 9);
        var one = s.Relu(s.Conv2d("One", x, 4, 1));
        var three = s.Relu(s.Conv2d("Three", s.Relu(s.Conv2d("Reduce3", x, 3, 1)), 5, 3, ("pad", 1)));
        var pool = s.Relu(s.Conv2d("Project", s.Call("MaxPool2d", x, ("window", 3), ("stride", 1), ("pad", 1)), 2, 1));
        var all = s.Call("Concat", Settings.Of(("axis", 0)), one, three, pool).As("all");
        var small = s.Call("MaxPool2d", all, ("window", 3), ("stride", 2), ("pad", 1), ("ceil", 1));
        return new("inception", s.Return(s.Linear("Head", s.Call("GlobalAvgPool", small), 4)), Chance(1), "all");
    }

    private static ZooNetwork Residual()
    {
        var s = new Sketch();
        var x = s.Input("image", 3, 7, 7);
        var stem = s.Relu(Norm(s, "Norm0", s.Conv2d("Stem", x, 6, 3, ("pad", 1), ("bias", 0)))).As("stem");
        var branch = s.Relu(Norm(s, "Norm1", s.Conv2d("First", stem, 6, 3, ("pad", 1), ("groups", 2), ("bias", 0))));
        var joined = s.Relu(Norm(s, "Norm2", s.Conv2d("Second", branch, 6, 3, ("pad", 2), ("dilation", 2))) + stem).As("joined");
        var pre = s.Relu(Norm(s, "Norm3", joined));
        return new("residual", s.Return(s.Call("Softmax", s.Linear("Head", s.Call("GlobalMaxPool", pre), 4))), Chance(2), "stem", "joined");
    }

    // Five tokens of four features, which look at each other through products and a softmax.
    private static ZooNetwork Attention()
    {
        var s = new Sketch();
        var x = s.Input("tokens", 4, 5);
        var query = s.Conv1d("Query", x, 4, 1);
        var key = s.Call("Mean", s.Conv1d("Key", x, 4, 1), ("axis", 1), ("keep", 1));
        var weight = s.Call("Softmax", s.Call("Sum", query * key, ("axis", 0), ("keep", 1)), ("axis", 1)).As("weight");
        var seen = s.Call("Sum", s.Conv1d("Content", x, 4, 1) * weight, ("axis", 1));
        return new("attention", s.Return(s.Linear("Head", s.Apply<Ops.Gelu>(seen), 3)), Chance(3), "weight");
    }

    private static ZooNetwork Gated()
    {
        var s = new Sketch();
        var x = s.Input("row", 6);
        var gate = s.Apply<Ops.Sigmoid>(s.Linear("Gate", x, 5));
        var news = s.Apply<Ops.Tanh>(s.Linear("News", x, 5));
        var state = (gate * news + (1 - gate) * s.Linear("Keep", x, 5)).As("state");
        var scaled = state / (s.Call("LogSumExp", state, ("axis", 0), ("keep", 1)) + 4);
        return new("gated", s.Return(s.Linear("Head", scaled, 2)), Chance(4), "state");
    }

    private static ZooNetwork TwoInputs()
    {
        var s = new Sketch();
        var (a, b) = (s.Input("a", 3), s.Input("b", 2, 2));
        var joined = s.Call("Concat", Settings.Of(("axis", 0)), s.Apply<Ops.Elu>(s.Linear("A", a, 4), constants: 1),
            s.Apply<Ops.Softplus>(s.Linear("B", s.Call("Flatten", b), 3)));
        var first = s.Linear("First", joined, 2);
        var second = s.Call("LogSoftmax", s.Linear("Second", s.Apply<Ops.Silu>(joined), 3));
        return new("two_inputs", s.Return(("first", first), ("second", second)), Chance(5), "A");
    }

    private static ZooNetwork Sequence()
    {
        var s = new Sketch();
        var x = s.Input("signal", 2, 15);
        var first = s.Layer("PRelu", "Slope", s.Conv1d("Conv1", x, 4, 3, ("stride", 2), ("pad", 1)), Settings.Of(("perChannel", 1)));
        var pooled = s.Call("AvgPool1d", first, ("window", 3), ("stride", 2), ("pad", 1), ("ceil", 1), ("countPadding", 0));
        var padded = s.Call("Pad", pooled, ("axis", 1), ("before", 1), ("after", 2), ("value", 0.5));
        var cut = s.Call("Slice", padded, ("axis", 1), ("start", 1), ("length", 4));
        var turned = s.Call("Reshape", Settings.Of("axes", [2, 8]), cut);
        return new("sequence",
            s.Return(s.Linear("Head", s.Call("Flatten", s.Call("MaxPool1d", turned, ("window", 3), ("dilation", 2), ("stride", 1))), 2)),
            Chance(6), "Conv1");
    }

    private static ZooNetwork Shared()
    {
        var s = new Sketch();
        var x = s.Input("row", 5);
        var once = s.Relu(s.Linear("Step", x, 5));
        var twice = s.Relu(s.Linear("Step", once, 5));
        return new("shared", s.Return(s.Linear("Head", once - twice, 2)), Chance(7), "Step.1", "Step.2");
    }

    // Six atoms of three features, some of them absent, and an input that only divides.
    private static ZooNetwork Masked()
    {
        var s = new Sketch();
        var (atoms, present, size) = (s.Input("atoms", 3, 6), s.Held("present", 6), s.Held("size", 1));
        var mask = s.Call("Reshape", Settings.Of("axes", [1, 6]), present);
        var hidden = (s.Relu(s.Conv1d("Conv1", atoms, 4, 1)) * mask).As("hidden");
        var mixed = s.Apply<Ops.Tanh>((s.Conv1d("Conv2", hidden, 4, 1) + mask) * mask);
        var pooled = s.Call("Sum", s.Call("Concat", Settings.Of(("axis", 0)), mixed, mask), ("axis", 1)) / (size * size + 1);
        return new("masked", s.Return(s.Call("Softmax", s.Linear("Head", pooled, 3))), Chance(8), "hidden");
    }

    // Five tokens, of which two tables have rows.
    private static ZooNetwork Text()
    {
        var s = new Sketch();
        var tokens = s.Tokens("text", 5);
        var words = s.Layer("Embedding", "Words", tokens, Settings.Of(("vocabulary", 11), ("width", 3))).As("words");
        var marks = s.Layer("Embedding", "Marks", tokens, Settings.Of(("vocabulary", 11), ("width", 4))).As("marks");
        var mixed = s.Apply<Ops.Tanh>(s.Conv1d("Mix", s.Call("Concat", Settings.Of(("axis", 1)), words, marks), 4, 3)).As("mixed");
        return new("text", s.Return(s.Call("Softmax", s.Linear("Head", s.Call("Flatten", mixed * mixed), 3))), Chance(9), "mixed");
    }

    private static Value Norm(Sketch s, string method, Value x) => s.Layer("BatchNorm", method, x, Settings.None);

    private static Tensors Chance(int seed) => TensorsFrom.Weights(Weights.Random(seed));
}
