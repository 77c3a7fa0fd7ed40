using Whence.Networks.Tests.Golden;
using Whence.Networks.Tests.Interpret;
using Whence.Networks.Tests.Zoo;

namespace Whence.Networks.Tests.Laws;

/// <summary>Softmax and its kin at logits up to +-5000: finite, and complete.</summary>
public sealed class LargeLogits
{
    public static TheoryData<string, double> Cases
    {
        get
        {
            var data = new TheoryData<string, double>();
            foreach (var op in new[] { "Softmax", "LogSoftmax", "LogSumExp" })
            {
                foreach (var scale in new[] { 1.0, 40, 1000, 5000 })
                    data.Add(op, scale);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void StayFiniteAndComplete(string op, double scale)
    {
        var s = new Sketch();
        var net = new ZooNetwork(op, s.Return(s.Call(op, s.Input("z", 5), op == "LogSumExp" ? [("axis", 0), ("keep", 1)] : [("axis", 0)])),
            TensorsFrom.Weights(Weights.Random(1)))
            .Interpret();
        var random = new Random(5);
        double[] Draw() => [.. Enumerable.Range(0, 5).Select(_ => scale * (2 * random.NextDouble() - 1))];
        for (var i = 0; i < 20; i++)
        {
            var (x, reference) = (Draw(), Draw());
            foreach (var rule in new[] { Rule.Rescale, Rule.RevealCancel })
            {
                var answer = Ask.DeepLift(net, Target.Unit(0).OfOutput(), rule, x, reference);
                Assert.All(answer.Multipliers, m => Assert.True(double.IsFinite(m)));
                var (gap, of) = (Math.Abs(answer.Sums[0].Gap!.Value),
                    answer.Sums[0].Magnitude + Math.Abs(answer.Sums[0].Output - answer.Sums[0].ReferenceOutput));
                Assert.InRange(gap, 0, 1e-10 * of + 1e-14 * scale);
            }
            var gradient = new double[5];
            SpanExplainers.Gradient<double>(net, x, 1, Target.Unit(0).OfOutput(), gradient);
            Assert.All(gradient, m => Assert.True(double.IsFinite(m)));
        }
    }
}
