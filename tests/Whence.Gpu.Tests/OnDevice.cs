namespace Whence.Gpu.Tests;

using Whence.Networks.Tests.Compiled;

/// <summary>What users do with a network on a device.</summary>
public class OnDevice
{
    private static readonly Lazy<InMemory> Networks = new(() => InMemory.Compile("""
        [Network(Explain = Methods.Gradient, Backends = Backends.Gpu)]
        public sealed partial class Logarithm
        {
            [Linear(2)] private partial Tensor Fc(Tensor x);

            public Tensor Forward([Shape(3)] Tensor x) => Fc(Log(x));
        }
        """, typeof(GpuDevice).Assembly, typeof(ILGPU.Context).Assembly));

    private static (INetwork Host, INetwork On) Load(string device)
    {
        var host = Table.Host();
        return (host, Table.On(host, Devices.Get(device)));
    }

    private static void Alike(Attribution expected, Attribution found)
    {
        var scale = expected.Scores.ToArray().Max(Math.Abs);
        for (var i = 0; i < expected.Scores.Length; i++)
            Assert.Equal(expected.Scores[i], found.Scores[i], 1e-5 * scale);
        Assert.InRange(found.Completeness.RelativeGap ?? 0, 0, (expected.Completeness.RelativeGap ?? 0) + 1e-5);
    }

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void ExplainersTakeItInPlaceOfTheNetwork(string device)
    {
        var (host, on) = Load(device);
        var (x, x0) = (Table.Rows(1, 1), Table.Rows(1, 2));
        var (paths, pathsOn) = ((IIntegratedGradientsNetwork)host, (IIntegratedGradientsNetwork)on);
        Alike(paths.IntegratedGradients(x, Target.Unit(1), References.One(x0)),
            pathsOn.IntegratedGradients(x, Target.Unit(1), References.One(x0)));
        Alike(paths.LayerIntegratedGradients("Hidden", x, Target.Unit(1)), pathsOn.LayerIntegratedGradients("Hidden", x, Target.Unit(1)));
        Alike(paths.Conductance("Hidden", x, Target.Unit(2)), pathsOn.Conductance("Hidden", x, Target.Unit(2)));
        foreach (var rule in new[] { Rule.Rescale, Rule.RevealCancel })
        {
            Alike(((IDeepLiftNetwork)host).DeepLift(x, Target.Unit(0), rule, References.One(x0)),
                ((IDeepLiftNetwork)on).DeepLift(x, Target.Unit(0), rule, References.One(x0)));
        }
        Alike(host.Ablation(x, Target.Unit(0)), on.Ablation(x, Target.Unit(0)));
    }

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void ARowAloneHasTheBitsOfABatch(string device)
    {
        var (_, on) = Load(device);
        var x = Table.Rows(70, 3);
        var all = ((IIntegratedGradientsNetwork)on).IntegratedGradients(x, 70, Target.Unit(1));
        for (var row = 0; row < 70; row += 23)
        {
            var alone = ((IIntegratedGradientsNetwork)on).IntegratedGradients(x.AsSpan(row * 12, 12), Target.Unit(1));
            Assert.Equal(alone.Scores.ToArray(), all[row].Scores.ToArray());
        }
    }

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void ManyThreadsGetTheirOwnAnswers(string device)
    {
        var (_, on) = Load(device);
        var x = Enumerable.Range(0, 8).Select(thread => Table.Rows(5, 40 + thread)).ToArray();
        var expected = x.Select(rows => on.Predict(rows.AsSpan(0, 12))).ToArray();
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, thread =>
        {
            for (var round = 0; round < 20; round++)
                Assert.Equal(expected[thread], on.Predict(x[thread].AsSpan(0, 12)));
        });
    }

    [Trait("Long", "gpu")]
    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void WhatDoesNotFitIsCut(string device)
    {
        var (host, on) = Load(device);
        var x = Table.Rows(4000, 6);
        var expected = ((IGradientNetwork)on).Gradient(x, 4000, Target.Unit(0));
        using var small = Devices.Beside(device);
        small.LaneMemory = 1 << 19;
        var cut = (IGradientNetwork)Table.On(host, small);
        var found = cut.Gradient(x, 4000, Target.Unit(0));
        for (var i = 0; i < 4000; i += 499)
            Assert.Equal(expected[i].Scores.ToArray(), found[i].Scores.ToArray());
        using var tiny = Devices.Beside(device);
        tiny.LaneMemory = 100;
        // What opening it has taken is used again.
        tiny.Lanes.Clear();
        var none = (IGradientNetwork)Table.On(host, tiny);
        Assert.Contains("Not even one example fits", Assert.Throws<GpuException>(() => none.Gradient(x, 4000, Target.Unit(0))).Message);
    }

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void WhatIsNotFiniteIsNamed(string device)
    {
        var on = Table.On(Networks.Value.Network("Logarithm").Load(Weights.Random(5)).Compiled, Devices.Get(device));
        var error = Assert.Throws<NonFiniteException>(() => on.Predict([1, 0, 2]));
        Assert.Contains("Log(x)", error.Message);
    }

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void ADisposedDeviceSaysSo(string device)
    {
        var other = Devices.Open(device);
        var on = Table.On(Table.Host(), other);
        on.Predict(new float[12]);
        other.Dispose();
        Assert.Throws<ObjectDisposedException>(() => on.Predict(new float[12]));
        other.Dispose();
    }

    [Fact]
    public void ADeviceThatIsNotThereIsSaid()
    {
        var error = Assert.Throws<GpuException>(() => GpuDevice.Cuda(99));
        Assert.Contains("CUDA device", error.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => GpuDevice.OpenCL(-1));
    }
}
