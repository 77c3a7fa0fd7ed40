#if WHENCE_GENERATOR
namespace Whence.Generator.Ops;

using Whence.Generator.Graphs;
#else
namespace Whence;
#endif

internal static partial class LayerParameters
{
    /// <summary>
    /// weight_ih [gates * hidden, inputs], weight_hh [gates * hidden, hidden], bias_ih and bias_hh [gates * hidden], their names ending in
    /// <paramref name="suffix"/>.
    /// </summary>
    public static IEnumerable<Parameter> Cell(int gates, int inputs, int hidden, bool bias, string suffix = "")
    {
        var all = Shape.Axis((long)gates * hidden);
        yield return new("weight_ih" + suffix, new(all, inputs));
        yield return new("weight_hh" + suffix, new(all, hidden));
        if (!bias)
            yield break;
        yield return new("bias_ih" + suffix, new(all));
        yield return new("bias_hh" + suffix, new(all));
    }

    /// <summary>For each layer and direction those of a cell: weight_ih_l0, ..., weight_ih_l0_reverse, ...</summary>
    public static IEnumerable<Parameter> Recurrence(int gates, int inputs, int hidden, int layers, bool bidirectional, bool bias)
    {
        for (var layer = 0; layer < layers; layer++)
        {
            foreach (var direction in bidirectional ? new[] { "", "_reverse" } : [""])
            {
                foreach (var parameter in Cell(gates, inputs, hidden, bias, $"_l{layer}{direction}"))
                    yield return parameter;
            }
            inputs = Shape.Axis((bidirectional ? 2L : 1) * hidden);
        }
    }
}
