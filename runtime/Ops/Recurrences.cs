namespace Whence;

public static partial class Nn
{
    /// <summary>Layers and directions of a recurrence, each from zero states.</summary>
    private static Tensor Run(
        string name, Tensor sequence, IReadOnlyList<Tensor> weights, int layers, bool bidirectional, bool lastState, bool bias,
        int gates, int states, Func<Tensor, Tensor[], Tensor?[], Tensor[]> step)
    {
        Expect.Rank(sequence, 2, name, "[steps, inputs]");
        Expect.AtLeast(1, layers, nameof(layers), name);
        ArgumentNullException.ThrowIfNull(weights);
        var (directions, each) = (bidirectional ? 2 : 1, bias ? 4 : 2);
        if (weights.Count != layers * directions * each)
            throw Expect.Refusal($"{name} of {layers} layers in {directions} directions has {layers * directions * each} weights, but was "
                + $"given {weights.Count}.", nameof(weights));
        var last = new Tensor[directions];
        for (var layer = 0; layer < layers; layer++)
        {
            var all = new Tensor[directions];
            for (var direction = 0; direction < directions; direction++)
            {
                Tensor?[] own =
                    [.. Enumerable.Range(0, 4).Select(i => i < each ? weights[(layer * directions + direction) * each + i] : null)];
                (all[direction], last[direction]) = Along(sequence, own, own[0]!.Shape[0] / gates, direction == 1, states, step);
            }
            sequence = Concat(1, all);
        }
        return lastState ? Concat(last) : sequence;
    }

    private static (Tensor All, Tensor Last) Along(Tensor sequence, Tensor?[] weights, int hidden, bool reversed, int states,
        Func<Tensor, Tensor[], Tensor?[], Tensor[]> step)
    {
        Tensor[] state = [.. Enumerable.Range(0, states).Select(_ => Zeros(hidden))];
        var all = new List<Tensor>();
        foreach (var x in reversed ? Reverse(sequence) : sequence)
        {
            state = step(x, state, weights);
            all.Add(state[0]);
        }
        return (reversed ? Reverse(Stack(all)) : Stack(all), state[0]);
    }
}
