namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// Every network, of every layer with weights, gives the same from a file that has the weights in the parts of weight norm, spectral norm
/// and pruning as from one that has them whole.
/// </summary>
[Trait("Long", "laws")]
public class WeightsInParts
{
    private static readonly Lazy<InMemory> networks = WholeNetworks.All;

    public static TheoryData<string> Names => [.. NetworkSources.Drawn, "lstm_lm"];

    [Theory]
    [MemberData(nameof(Names))]
    public void ANetworkIsTheSame(string name)
    {
        var network = networks.Value.Network(name);
        var whole = TensorsOf(network);
        var parts = whole.SelectMany((tensor, i) => Split(tensor.Key, tensor.Value, i)).ToList();
        using var weights = Saved(parts);
        var (one, other) = (network.Load(Saved(whole)), network.Load(weights));
        weights.RequireAllUsed();
        var x = Laws.Draw(5, one.Signature.InputSize);
        var (expected, actual) = (one.Eager(x), other.Eager(x));
        var largest = expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(actual[i] - expected[i]) <= 1e-12 * largest,
                $"{name}: output {i} is {actual[i]}, but should be {expected[i]}");
        Laws.ForwardIsForward(other, name == "lstm_lm" || NetworkSources.Scans.Contains(name) ? 1e-4 : Laws.Tolerance);
    }

    /// <summary>What a network asks for, found by loading it from a file that lacks it.</summary>
    private static Dictionary<string, Tensor> TensorsOf(CompiledNetwork network)
    {
        using var chance = Weights.Random(11);
        var tensors = new Dictionary<string, Tensor>();
        while (true)
        {
            try
            {
                network.Load(Saved(tensors));
                return tensors;
            }
            catch (System.Reflection.TargetInvocationException e)
                when (e.InnerException is WeightsException { Tensor: { } tensor, Expected: { } shape })
            {
                tensors.Add(tensor, chance.Tensor(tensor, shape));
            }
        }
    }

    private static Weights Saved(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        using var stream = new MemoryStream();
        Weights.Save(stream, tensors, WeightType.F64);
        return Weights.Read(stream.ToArray());
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> Split(string name, Tensor weight, int kind)
    {
        var dot = name.LastIndexOf('.') + 1;
        if (name.EndsWith("in_proj_weight", StringComparison.Ordinal) || name.EndsWith("in_proj_bias", StringComparison.Ordinal))
            return Apart(weight, name[..dot], name[(name.LastIndexOf('_') + 1)..]);
        var registered = $"{name[..dot]}parametrizations.{name[dot..]}.";
        return (weight.Shape.Rank == 1 ? kind % 2 * 4 : kind % 5) switch
        {
            0 => Normed(weight, 0, registered + "original0", registered + "original1"),
            1 => Normed(weight, weight.Shape.Rank - 1, name + "_g", name + "_v"),
            2 => Normed(weight, -1, name + "_g", name + "_v"),
            3 => Spectral(weight, registered + "original", registered + "0._u", registered + "0._v"),
            _ => Pruned(weight, name + "_orig", name + "_mask"),
        };
    }

    /// <summary>Attention's queries, keys and values, each by itself.</summary>
    private static IEnumerable<KeyValuePair<string, Tensor>> Apart(Tensor weight, string stem, string role)
    {
        var axes = weight.Shape.ToArray();
        axes[0] /= 3;
        return new[] { "query", "key", "value" }.Zip(weight.Values.ToArray().Chunk(weight.Shape.Size / 3),
            (part, values) => KeyValuePair.Create($"{stem}{part}.{role}", new Tensor(new Shape(axes), values)));
    }

    /// <summary>g is the norm along an axis, or of all; v is the weight in other sizes.</summary>
    private static IEnumerable<KeyValuePair<string, Tensor>> Normed(Tensor weight, int axis, string sizes, string direction)
    {
        var groups = axis < 0 ? 1 : weight.Shape[axis];
        var (norms, moved) = (new double[groups], weight.Values.ToArray());
        for (var i = 0; i < moved.Length; i++)
        {
            var group = axis < 0 ? 0 : Along(weight.Shape, i, axis);
            norms[group] += moved[i] * moved[i];
            moved[i] *= 0.5 + group;
        }
        var along = axis < 0 ? new Shape() : new Shape([.. weight.Shape.ToArray().Select((size, i) => i == axis ? size : 1)]);
        yield return new(sizes, new(along, norms.Select(Math.Sqrt).ToArray()));
        yield return new(direction, new(weight.Shape, moved));
    }

    /// <summary>
    /// The weight with its largest singular vectors, which power iteration finds; the right one over the singular value, so that dividing
    /// by u W v leaves the weight as it is.
    /// </summary>
    private static IEnumerable<KeyValuePair<string, Tensor>> Spectral(Tensor weight, string original, string left, string right)
    {
        var (rows, columns) = (weight.Shape[0], weight.Shape.Size / weight.Shape[0]);
        var (w, u, v) = (weight.Values.ToArray(), new double[rows], Enumerable.Repeat(1 / Math.Sqrt(columns), columns).ToArray());
        for (var step = 0; step < 50; step++)
        {
            u = Unit([.. Enumerable.Range(0, rows)
                .Select(row => Enumerable.Range(0, columns).Sum(column => w[row * columns + column] * v[column]))]);
            v = Unit([.. Enumerable.Range(0, columns)
                .Select(column => Enumerable.Range(0, rows).Sum(row => w[row * columns + column] * u[row]))]);
        }
        var norm = w.Select((value, i) => value * u[i / columns] * v[i % columns]).Sum();
        yield return new(original, new(weight.Shape, w));
        yield return new(left, new(new Shape(rows), u));
        yield return new(right, new(new Shape(columns), v.Select(value => value / norm).ToArray()));
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> Pruned(Tensor weight, string original, string mask)
    {
        yield return new(original, weight);
        yield return new(mask, new(weight.Shape, Enumerable.Repeat(1.0, weight.Shape.Size).ToArray()));
    }

    private static double[] Unit(double[] vector) => Array.ConvertAll(vector, value => value / Math.Sqrt(vector.Sum(each => each * each)));

    private static int Along(Shape shape, int element, int axis)
    {
        for (var last = shape.Rank - 1; last > axis; last--)
            element /= shape[last];
        return element % shape[axis];
    }
}
