using Whence.CompilerServices;

namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// A pass that is given a layer's value and ends there computes nothing of what is only below the layer, and has the bits of the pass that
/// computes all, which is the one that tells the value it begins from.
/// </summary>
[Trait("Long", "laws")]
public sealed class PassesFromALayer
{
    private const int Rows = 3;

    private static readonly Lazy<InMemory> operators = OperatorNetworks.All;

    public static TheoryData<string> Names => [.. OperatorSources.All.Keys, .. NetworkSources.Drawn, .. NetworkSources.Trained];

    [Theory]
    [MemberData(nameof(Names))]
    public void WhatIsBelowIsNotComputed(string name)
    {
        var net = (OperatorSources.All.ContainsKey(name) ? operators.Value.Network(name).Load(Weights.Random(11)) : NetworkLaws.Load(name))
            .Passes;
        var signature = net.Signature;
        var x = Laws.Floats(Laws.Draw(1, Rows * signature.InputSize));
        foreach (var route in Laws.Routes(signature).Where(route => route is { Flow: Pass.Gradient, To: >= 0 }))
        {
            var size = Rows * signature.Points[route.To].Shape.Size;
            var injected = Laws.Floats(Laws.Draw(2, size));
            var seed = Laws.Floats(Laws.Draw(3, signature.Points[route.From].Shape.Size));
            var whole = Multipliers(route, injected, seed, new float[Rows * seed.Length]);
            var above = Multipliers(route, injected, seed, []);
            for (var i = 0; i < size; i++)
                Assert.True(BitConverter.SingleToInt32Bits(whole[i]) == BitConverter.SingleToInt32Bits(above[i]),
                    $"{route.In(signature)}: element {i} is {above[i]:r}, of a whole pass {whole[i]:r}.");
        }

        float[] Multipliers(Route route, float[] injected, float[] seed, float[] value)
        {
            var multipliers = new float[injected.Length];
            Laws.Spoil();
            var arguments = new BackwardArguments<float>
            {
                X = x, Rows = Rows, ReferenceRows = 1, From = route.From, Seed = seed, SeedRows = 1, To = route.To, InjectAt = route.To,
                Injected = injected, FromValue = value, Multipliers = multipliers,
            };
            net.Backward(route.Flow, ref arguments);
            return multipliers;
        }
    }
}
