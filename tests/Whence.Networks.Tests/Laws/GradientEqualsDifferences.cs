using Whence.CompilerServices;
using Whence.Networks.Tests.Interpret;

namespace Whence.Networks.Tests.Laws;

/// <summary>The gradient along a direction is the central difference of the forward pass, away from kinks.</summary>
public sealed class GradientEqualsDifferences
{
    public static TheoryData<string> Names => Subject.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Of(string name) => Require(Subject.All[name]);

    internal static void Require(Subject subject)
    {
        var net = subject.Network.Interpret();
        for (var output = 0; output < net.Signature.Outputs.Count; output++)
            Assert.True(Enumerable.Range(0, 8).Any(seed => Agrees(net, subject, output, seed)),
                $"{subject.Network.Name}: every point tried lies by a kink.");
    }

    // False where a kink lies between the points: there the differences change with the step.
    private static bool Agrees(InterpretedNetwork net, Subject subject, int output, int seed)
    {
        var random = new Random(100 + seed);
        double[] Draw(int size) => [.. Enumerable.Range(0, size).Select(_ => 2 * random.NextDouble() - 1)];
        var x = subject.Inputs(seed);
        var direction = HeldFixed.With(net.Signature, new double[x.Length], Draw(net.Signature.InputSize));
        var seeds = Draw(net.Signature.Outputs[output].Shape.Size);

        double At(double step)
        {
            var value = new double[seeds.Length];
            double[] moved = [.. x.Select((v, i) => v + step * direction[i])];
            net.Forward(moved, output, value, 1);
            return value.Zip(seeds, (v, s) => v * s).Sum();
        }

        double Difference(double step) => (At(step) - At(-step)) / (2 * step);
        var gradient = new double[x.Length];
        var arguments = new BackwardArguments<double>
        {
            X = x, Rows = 1, ReferenceRows = 1, From = output, Seed = seeds, SeedRows = 1, To = -1, InjectAt = -1,
            Multipliers = gradient,
        };
        net.Backward(Pass.Gradient, ref arguments);
        var (along, scale) = (gradient.Zip(direction, (g, d) => g * d).Sum(), gradient.Zip(direction, (g, d) => Math.Abs(g * d)).Sum());
        // Two steps cancel the error of third order.
        var (wide, narrow) = (Difference(2e-5), Difference(1e-5));
        if (Math.Abs(wide - narrow) > 1e-7 * Math.Max(scale, Math.Abs(narrow)) + 1e-9)
            return false;
        var difference = (4 * narrow - wide) / 3;
        Assert.True(Math.Abs(along - difference) <= 1e-7 * scale + 1e-9,
            $"{subject.Network.Name}: the gradient along a direction is {along:R}, the difference {difference:R}.");
        return true;
    }
}
