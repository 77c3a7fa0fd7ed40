using Whence.CompilerServices;
using Whence.Networks.Tests.Interpret;

namespace Whence.Networks.Tests.Laws;

/// <summary>DeepLIFT's contributions sum to the change of the output from the reference's, for any reference.</summary>
public sealed class ContributionsSumToDifference
{
    public static TheoryData<string, Pass> Cases
    {
        get
        {
            var data = new TheoryData<string, Pass>();
            foreach (var name in Subject.All.Keys)
            {
                foreach (var pass in new[] { Pass.Rescale, Pass.RevealCancel, Pass.Genomics })
                    data.Add(name, pass);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Of(string name, Pass pass) => Require(Subject.All[name], pass);

    internal static void Require(Subject subject, Pass pass)
    {
        var net = subject.Network.Interpret();
        for (var output = 0; output < net.Signature.Outputs.Count; output++)
        {
            var (x, x0) = (subject.Inputs(20, 3), subject.Inputs(30, 3));
            // In the second row half of the inputs do not move; in the third none does by more than a little.
            var size = net.Signature.InputSize;
            for (var i = 0; i < size; i++)
            {
                x0[size + i] = i % 2 == 0 ? x[size + i] : x0[size + i];
                x0[2 * size + i] = x[2 * size + i] + 1e-9 * x0[2 * size + i];
            }
            Complete(subject.Network.Name, net, pass, output, x, HeldFixed.With(net.Signature, x, x0), 3);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void PartsOfLayersSumToTheirDifference(string name, Pass pass)
    {
        var subject = Subject.All[name];
        var net = subject.Network.Interpret();
        var x = subject.Inputs(20);
        var x0 = HeldFixed.With(net.Signature, x, subject.Inputs(30));
        foreach (var point in Enumerable.Range(0, net.Signature.Points.Count).Where(i => net.Signature.Points[i].Kind == PointKind.Layer))
        {
            var size = net.Signature.Points[point].Shape.Size;
            var (positive, negative, value, value0) = (new double[size], new double[size], new double[size], new double[size]);
            var arguments = new BackwardArguments<double>
            {
                X = x, Rows = 1, Kept = x0, ReferenceRows = 1, From = 0, Seed = new double[net.Signature.Points[0].Shape.Size],
                SeedRows = 1, To = point, InjectAt = -1,
                Multipliers = new double[size], PositiveDelta = positive, NegativeDelta = negative,
            };
            net.Backward(pass, ref arguments);
            net.Forward(x, point, value, 1);
            net.Forward(x0, point, value0, 1);
            for (var i = 0; i < size; i++)
            {
                // RevealCancel's parts are what the parts below are credited with: under a function that falls they change sides.
                Assert.True(pass != Pass.Rescale || positive[i] >= 0 && negative[i] <= 0,
                    $"{name}: parts {positive[i]:R} and {negative[i]:R} of unit {i} have the wrong sign.");
                var scale = Math.Abs(positive[i]) + Math.Abs(negative[i]) + Math.Abs(value[i]) + Math.Abs(value0[i]);
                Assert.True(Math.Abs(positive[i] + negative[i] - (value[i] - value0[i])) <= 1e-12 * scale,
                    $"{name}: parts {positive[i]:R} and {negative[i]:R} of unit {i} do not sum to {value[i] - value0[i]:R}.");
            }
        }
    }

    private static void Complete(string name, InterpretedNetwork net, Pass pass, int output, double[] x, double[] x0, int rows)
    {
        var random = new Random(7);
        var (size, units) = (net.Signature.InputSize, net.Signature.Outputs[output].Shape.Size);
        double[] seeds = [.. Enumerable.Range(0, rows * units).Select(_ => 2 * random.NextDouble() - 1)];
        var (positive, negative) = (new double[rows * size], new double[rows * size]);
        var (y, y0) = (new double[rows * units], new double[rows * units]);
        var arguments = new BackwardArguments<double>
        {
            X = x, Rows = rows, Kept = x0, ReferenceRows = rows, From = output, Seed = seeds, SeedRows = rows, To = -1, InjectAt = -1,
            Multipliers = positive, NegativeMultipliers = negative, FromValue = y,
        };
        net.Backward(pass, ref arguments);
        net.Forward(x0, output, y0, rows);
        for (var r = 0; r < rows; r++)
        {
            double[] contributions =
                [.. Enumerable.Range(r * size, size).Select(i => (x[i] > x0[i] ? positive[i] : negative[i]) * (x[i] - x0[i]))];
            double[] moves = [.. Enumerable.Range(r * units, units).Select(i => seeds[i] * (y[i] - y0[i]))];
            var gap = Math.Abs(contributions.Sum() - moves.Sum());
            // The outputs' own rounding is all there is to see where the input hardly moves.
            var rounding = 1e-14 * Enumerable.Range(r * units, units).Sum(i => Math.Abs(seeds[i]) * (Math.Abs(y[i]) + Math.Abs(y0[i])));
            var scale = contributions.Sum(Math.Abs) + moves.Sum(Math.Abs);
            Assert.True(gap <= 1e-10 * scale + 10 * rounding,
                $"{name}, {pass}, row {r}: contributions sum to {contributions.Sum():R}, the output moves by {moves.Sum():R}.");
        }
    }
}
