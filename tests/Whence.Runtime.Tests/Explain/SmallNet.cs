namespace Whence.Runtime.Tests.Explaining;

using System.Numerics;
using Whence.CompilerServices;

/// <summary>
/// A network written by hand, whose every backward pass is plain loops over one row: sequence [2, 2] and extra [1, 1] -> Fc1 -> an
/// activation = Hidden [2, 2] -> Fc2 -> y = sigmoid of its 3 units; and the sum of Hidden as a second output. It keeps count of
/// nothing and allocates nothing.
/// </summary>
internal sealed class SmallNet<T> : IHostPasses<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public const int In = 5, Hidden = 4, Classes = 3, Kept = In + Hidden + Classes;
    public const int Output = 0, Total = 1, Logits = 2, Layer = 4;

    public static readonly double[,] W1 =
    {
        { 0.8, -0.5, 0.3, 0.9, -0.7 }, { -0.6, 0.4, 1.1, -0.2, 0.5 }, { 0.7, 0.7, -0.9, 0.3, 0.2 }, { -0.4, 0.6, 0.5, -1.2, 0.8 },
    };
    public static readonly double[] B1 = [0.1, -0.2, 0.05, 0.3];
    public static readonly double[,] W2 = { { 1.0, -0.8, 0.5, 0.6 }, { -0.3, 0.9, 0.7, -1.1 }, { 0.4, 0.2, -0.6, 0.8 } };
    public static readonly double[] B2 = [0.2, -0.1, 0.4];

    private readonly Func<double, double> f;
    private readonly Func<double, double> slope;

    public SmallNet(Func<double, double> f, Func<double, double> slope, int chunkRows = 7, params Pass[] passes)
    {
        this.f = f;
        this.slope = slope;
        TensorInfo[] outputs = [new("y", new Shape(3)), new("total", new Shape(1))];
        Signature = new Signature
        {
            Name = "SmallNet",
            Inputs = [new("sequence", new Shape(2, 2)), new("extra", new Shape(1, 1))],
            Outputs = outputs,
            Points =
            [
                new("y", new Shape(3), PointKind.Output), new("total", new Shape(1), PointKind.Output),
                new("y", new Shape(3), PointKind.Logits), new("total", new Shape(1), PointKind.Logits),
                new("Hidden", new Shape(2, 2), PointKind.Layer),
            ],
            Passes = passes.Length > 0
                ? passes
                : [Pass.Gradient, Pass.GuidedBackprop, Pass.DeconvNet, Pass.Rescale, Pass.RevealCancel, Pass.GuidedBackpropRescale],
            ChunkRows = chunkRows,
        };
    }

    public static SmallNet<T> Tanh(int chunkRows = 7, params Pass[] passes) =>
        new(Math.Tanh, z => 1 - Math.Tanh(z) * Math.Tanh(z), chunkRows, passes);

    public static SmallNet<T> Relu(int chunkRows = 7, params Pass[] passes) =>
        new(z => Math.Max(z, 0), z => z > 0 ? 1 : 0, chunkRows, passes);

    public static SmallNet<T> Exp(int chunkRows = 7) => new(Math.Exp, Math.Exp, chunkRows);

    public Signature Signature { get; }

    public static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));

    private static double D(T value) => double.CreateTruncating(value);

    private static bool Compares(Pass pass) => pass is Pass.Rescale or Pass.RevealCancel or Pass.GuidedBackpropRescale;

    public void Forward(ReadOnlySpan<T> x, int point, Span<T> value, int rows)
    {
        Span<double> z = stackalloc double[Hidden], h = stackalloc double[Hidden], y = stackalloc double[Classes];
        RequireRows(rows);
        for (var row = 0; row < rows; row++)
        {
            Values(x.Slice(row * In, In), default, z, h, y);
            if (point == -1)
            {
                Write(y, value.Slice(row * 4, 3), true);
                value[row * 4 + 3] = T.CreateTruncating(Sum(h));
            }
            else
                WritePoint(point, h, y, value.Slice(row * Size(point), Size(point)));
        }
    }

    public int KeptSize(Pass pass) => Compares(pass) ? Kept : 0;

    public void Keep(Pass pass, ReadOnlySpan<T> reference, Span<T> kept, int rows)
    {
        Span<double> z = stackalloc double[Hidden], h = stackalloc double[Hidden], y = stackalloc double[Classes];
        RequireRows(rows);
        for (var row = 0; row < rows; row++)
        {
            var x0 = reference.Slice(row * In, In);
            Values(x0, default, z, h, y);
            x0.CopyTo(kept[(row * Kept)..]);
            Write(z, kept.Slice(row * Kept + In, Hidden), false);
            Write(y, kept.Slice(row * Kept + In + Hidden, Classes), false);
        }
    }

    public void Backward(Pass pass, ref BackwardArguments<T> arguments)
    {
        RequireRows(arguments.Rows);
        for (var answer = 0; answer < arguments.Answers; answer++)
        {
            var one = arguments.Of(answer);
            for (var row = 0; row < arguments.Rows; row++)
                WalkRow(pass, ref one, row);
        }
    }

    public string? FirstNonFinite(ReadOnlySpan<T> x)
    {
        Span<double> z = stackalloc double[Hidden], h = stackalloc double[Hidden], y = stackalloc double[Classes];
        Values(x, default, z, h, y);
        foreach (var value in z)
        {
            if (!T.IsFinite(T.CreateTruncating(value)))
                return "Fc1";
        }
        foreach (var value in h)
        {
            if (!T.IsFinite(T.CreateTruncating(value)))
                return "Hidden";
        }
        foreach (var value in y)
        {
            if (!T.IsFinite(T.CreateTruncating(value)))
                return "Fc2";
        }
        return null;
    }

    private void RequireRows(int rows)
    {
        if (rows < 1 || rows > Signature.ChunkRows)
            Assert.Fail($"{rows} rows were asked for at once, but a chunk has {Signature.ChunkRows}.");
    }

    private int Size(int point) => point switch { Output or Logits => Classes, Layer => Hidden, _ => 1 };

    private static double Sum(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum;
    }

    private static void Write(ReadOnlySpan<double> values, Span<T> to, bool sigmoid)
    {
        for (var i = 0; i < values.Length; i++)
            to[i] = T.CreateTruncating(sigmoid ? Sigmoid(values[i]) : values[i]);
    }

    private static void WritePoint(int point, ReadOnlySpan<double> h, ReadOnlySpan<double> y, Span<T> to)
    {
        if (point == Layer)
            Write(h, to, false);
        else if (point is Output or Logits)
            Write(y, to, point == Output);
        else
            to[0] = T.CreateTruncating(Sum(h));
    }

    private void Values(ReadOnlySpan<T> x, ReadOnlySpan<T> injected, Span<double> z, Span<double> h, Span<double> y)
    {
        for (var j = 0; j < Hidden; j++)
        {
            z[j] = B1[j];
            for (var i = 0; i < In; i++)
                z[j] += W1[j, i] * D(x[i]);
            h[j] = injected.IsEmpty ? f(z[j]) : D(injected[j]);
        }
        for (var c = 0; c < Classes; c++)
        {
            y[c] = B2[c];
            for (var j = 0; j < Hidden; j++)
                y[c] += W2[c, j] * h[j];
        }
    }

    private void WalkRow(Pass pass, ref BackwardArguments<T> arguments, int row)
    {
        Span<double> z = stackalloc double[Hidden], h = stackalloc double[Hidden], y = stackalloc double[Classes];
        Span<double> z0 = stackalloc double[Hidden], x0 = stackalloc double[In], y0 = stackalloc double[Classes];
        var x = arguments.X.Slice(row * In, In);
        Values(x, arguments.InjectAt == Layer ? arguments.Injected.Slice(row * Hidden, Hidden) : default, z, h, y);
        if (Compares(pass))
        {
            var kept = arguments.Kept.Slice(arguments.ReferenceRows == 1 ? 0 : row * Kept, Kept);
            for (var i = 0; i < In; i++)
                x0[i] = D(kept[i]);
            for (var j = 0; j < Hidden; j++)
                z0[j] = D(kept[In + j]);
            for (var c = 0; c < Classes; c++)
                y0[c] = D(kept[In + Hidden + c]);
        }
        var seed = arguments.Seed.Slice(arguments.SeedRows == 1 ? 0 : row * Size(arguments.From), Size(arguments.From));
        if (!arguments.FromValue.IsEmpty)
            WritePoint(arguments.From, h, y, arguments.FromValue.Slice(row * Size(arguments.From), Size(arguments.From)));
        Span<double> m = stackalloc double[Hidden];
        ToHidden(pass, arguments.From, seed, y, y0, m);
        Span<double> p = stackalloc double[Hidden], n = stackalloc double[Hidden], mp = stackalloc double[Hidden],
            mn = stackalloc double[Hidden];
        if (Compares(pass))
            Split(x, x0, p, n);
        for (var j = 0; j < Hidden; j++)
            Activation(pass, z[j], z0[j], m[j], ref p[j], ref n[j], out mp[j], out mn[j]);
        if (arguments.To == Layer)
            Deliver(ref arguments, row, m, m, p, n, h);
        else
            ToInputs(pass, ref arguments, row, x, x0, mp, mn);
    }

    private static void ToHidden(Pass pass, int from, ReadOnlySpan<T> seed, ReadOnlySpan<double> y, ReadOnlySpan<double> y0, Span<double> m)
    {
        for (var j = 0; j < Hidden; j++)
        {
            m[j] = from == Layer ? D(seed[j]) : from is Output or Logits ? 0 : D(seed[0]);
            for (var c = 0; from is Output or Logits && c < Classes; c++)
            {
                var s = Sigmoid(y[c]);
                var factor = from == Logits ? 1 : Compares(pass) && y[c] != y0[c] ? (s - Sigmoid(y0[c])) / (y[c] - y0[c]) : s * (1 - s);
                m[j] += W2[c, j] * factor * D(seed[c]);
            }
        }
    }

    // The parts of Fc1's difference, by the signs of its inputs' differences times the weights.
    private static void Split(ReadOnlySpan<T> x, ReadOnlySpan<double> x0, Span<double> p, Span<double> n)
    {
        for (var j = 0; j < Hidden; j++)
        {
            for (var i = 0; i < In; i++)
            {
                p[j] += Math.Max(W1[j, i] * (D(x[i]) - x0[i]), 0);
                n[j] += Math.Min(W1[j, i] * (D(x[i]) - x0[i]), 0);
            }
        }
    }

    // Takes the parts of an activation's input to those of its value, and its multiplier to those of the input's parts.
    private void Activation(Pass pass, double z, double z0, double m, ref double p, ref double n, out double mp, out double mn)
    {
        var secant = z == z0 ? slope(z0) : (f(z) - f(z0)) / (z - z0);
        if (pass == Pass.RevealCancel)
        {
            var up = (f(z0 + p) - f(z0) + f(z) - f(z0 + n)) / 2;
            var down = (f(z0 + n) - f(z0) + f(z) - f(z0 + p)) / 2;
            mp = m * (p == 0 ? (slope(z0) + slope(z0 + n)) / 2 : up / p);
            mn = m * (n == 0 ? (slope(z0) + slope(z0 + p)) / 2 : down / n);
            (p, n) = (up, down);
            return;
        }
        (p, n) = (p * secant, n * secant);
        mp = mn = pass switch
        {
            Pass.Rescale => m * secant,
            Pass.GuidedBackpropRescale => m > 0 ? m * secant : 0,
            Pass.GuidedBackprop => m > 0 ? m * slope(z) : 0,
            Pass.DeconvNet => f(m),
            _ => m * slope(z),
        };
    }

    private static void Deliver(ref BackwardArguments<T> arguments, int row, scoped ReadOnlySpan<double> mp, scoped ReadOnlySpan<double> mn,
        scoped ReadOnlySpan<double> p, scoped ReadOnlySpan<double> n, scoped ReadOnlySpan<double> value)
    {
        var size = mp.Length;
        Write(mp, arguments.Multipliers.Slice(row * size, size), false);
        if (!arguments.NegativeMultipliers.IsEmpty)
            Write(mn, arguments.NegativeMultipliers.Slice(row * size, size), false);
        if (!arguments.PositiveDelta.IsEmpty)
            Write(p, arguments.PositiveDelta.Slice(row * size, size), false);
        if (!arguments.NegativeDelta.IsEmpty)
            Write(n, arguments.NegativeDelta.Slice(row * size, size), false);
        if (!arguments.ToValue.IsEmpty)
            Write(value, arguments.ToValue.Slice(row * size, size), false);
    }

    private static void ToInputs(Pass pass, ref BackwardArguments<T> arguments, int row, scoped ReadOnlySpan<T> x,
        scoped ReadOnlySpan<double> x0,
        scoped ReadOnlySpan<double> mp, scoped ReadOnlySpan<double> mn)
    {
        Span<double> m = stackalloc double[In];
        for (var i = 0; i < In; i++)
        {
            var sign = pass == Pass.RevealCancel ? Math.Sign(D(x[i]) - x0[i]) : 0;
            for (var j = 0; j < Hidden; j++)
                m[i] += W1[j, i] * (mp[j] + mn[j]) / 2 + sign * Math.Abs(W1[j, i]) * (mp[j] - mn[j]) / 2;
        }
        Deliver(ref arguments, row, m, m, default, default, default);
    }
}

/// <summary>The compiled kind of <see cref="SmallNet{T}"/>, for the methods that return objects.</summary>
internal sealed class CompiledNet(SmallNet<float> net) : IIntegratedGradientsNetwork, IDeepLiftNetwork,
    IGuidedBackpropNetwork, IDeconvNetwork, IGuidedBackpropRescaleNetwork, IHostPasses<float>
{
    public Signature Signature => net.Signature;

    public void Forward(ReadOnlySpan<float> x, int point, Span<float> value, int rows) => net.Forward(x, point, value, rows);

    public int KeptSize(Pass pass) => net.KeptSize(pass);

    public void Keep(Pass pass, ReadOnlySpan<float> reference, Span<float> kept, int rows) => net.Keep(pass, reference, kept, rows);

    public void Backward(Pass pass, ref BackwardArguments<float> arguments) => net.Backward(pass, ref arguments);

    public string? FirstNonFinite(ReadOnlySpan<float> x) => net.FirstNonFinite(x);
}

/// <summary>A function of n numbers and its gradient as a network of one output.</summary>
internal sealed class FunctionNet(int size, Func<double[], double> f, Func<double[], double[]> gradient, int chunkRows = 5)
    : IHostPasses<double>
{
    public Signature Signature { get; } = new()
    {
        Name = "FunctionNet",
        Inputs = [new("x", new Shape(size))],
        Outputs = [new("f", new Shape(1))],
        Points = [new("f", new Shape(1), PointKind.Output), new("f", new Shape(1), PointKind.Logits)],
        Passes = [Pass.Gradient],
        ChunkRows = chunkRows,
    };

    public void Forward(ReadOnlySpan<double> x, int point, Span<double> value, int rows)
    {
        for (var row = 0; row < rows; row++)
            value[row] = f(x.Slice(row * size, size).ToArray());
    }

    public int KeptSize(Pass pass) => 0;

    public void Keep(Pass pass, ReadOnlySpan<double> reference, Span<double> kept, int rows) =>
        Assert.Fail("A gradient keeps nothing of the reference.");

    public void Backward(Pass pass, ref BackwardArguments<double> arguments)
    {
        for (var answer = 0; answer < arguments.Answers; answer++)
            WalkOnce(arguments.Of(answer));
    }

    private void WalkOnce(BackwardArguments<double> arguments)
    {
        for (var row = 0; row < arguments.Rows; row++)
        {
            var x = arguments.X.Slice(row * size, size).ToArray();
            for (var i = 0; i < size; i++)
                arguments.Multipliers[row * size + i] = arguments.Seed[arguments.SeedRows == 1 ? 0 : row] * gradient(x)[i];
            if (!arguments.FromValue.IsEmpty)
                arguments.FromValue[row] = f(x);
        }
    }

    public string? FirstNonFinite(ReadOnlySpan<double> x) => null;
}

internal static class Inputs
{
    public static T[] Random<T>(int rows, int seed = 1) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows * SmallNet<T>.In).Select(_ => T.CreateTruncating(2 * random.NextDouble() - 1))];
    }

    public static void Close(ReadOnlySpan<double> expected, ReadOnlySpan<double> found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= tolerance, $"Element {i}: expected {expected[i]:r}, found {found[i]:r}.");
    }
}
