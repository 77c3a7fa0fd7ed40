using Whence.Import.Read;

namespace Whence.Import.Check;

/// <summary>How far an imported network is from what its model gives.</summary>
/// <param name="Difference">The largest difference of an output from the one expected.</param>
/// <param name="Scale">The largest size of an output that is expected.</param>
/// <param name="Gap">The largest relative gap of DeepLIFT over the examples, of the first output's largest unit; null where it was not
/// asked.</param>
public sealed record Comparison(double Difference, double Scale, double? Gap)
{
    /// <summary>Whether Forward itself was run, in double precision, since numbers are beyond single precision.</summary>
    public bool IsEager { get; init; }

    /// <summary>The difference over the scale; where all outputs are zero, the difference itself.</summary>
    public double Relative => Scale > 0 ? Difference / Scale : Difference;
}

/// <summary>Compares a network with inputs and outputs as ONNX's test data has them.</summary>
internal static class Comparing
{
    /// <summary>Runs every example of the inputs and compares.</summary>
    /// <param name="model">The model.</param>
    /// <param name="network">It, loaded.</param>
    /// <param name="inputs">Each input's tensor by its name in the model.</param>
    /// <param name="outputs">Each output's, by its name.</param>
    public static Comparison Compare(ImportedModel model, INetwork network, IReadOnlyDictionary<string, Literal> inputs,
        IReadOnlyDictionary<string, Literal> outputs)
    {
        var isEager = inputs.Values.Concat(outputs.Values).Any(IsBeyondSingle);
        var (difference, scale, gap) = (0.0, 0.0, (double?)null);
        for (var example = 0; example < model.Batch; example++)
        {
            var row = isEager ? null : Row(model, network, inputs, example);
            var actual = row is null ? Eager(model, network, inputs, example) : Compiled(network, row);
            var start = 0;
            foreach (var output in model.Outputs)
            {
                var size = Size(output);
                var expected = outputs[output.Name];
                for (var i = 0; i < size; i++)
                {
                    var (wanted, found) = (expected[Place(model, output, expected, example, i)], actual[start + i]);
                    if (wanted.Equals(found) || double.IsNaN(wanted) && double.IsNaN(found))
                        continue;
                    difference = Math.Max(difference, Or(Math.Abs(wanted - found)));
                }
                for (var i = 0; i < expected.Count; i++)
                    scale = double.IsFinite(expected[i]) ? Math.Max(scale, Math.Abs(expected[i])) : scale;
                start += size;
            }
            if (row is not null && GapOf(network, row, model.Outputs[0]) is { } one)
                gap = Math.Max(gap ?? 0, one);
        }
        return new(difference, scale, gap) { IsEager = isEager };
    }

    private static int Size(ImportedValue value) => value.Axes.Aggregate(1, (count, axis) => count * axis);

    private static bool IsBeyondSingle(Literal values)
    {
        for (var i = 0; values.Type == ElementType.Double && i < values.Count; i++)
        {
            var size = Math.Abs(values[i]);
            if (double.IsFinite(size) && (size > float.MaxValue || size is > 0 and < 1e-30))
                return true;
        }
        return false;
    }

    /// <summary>What the compiled network gives for a row.</summary>
    public static double[] Compiled(INetwork network, float[] row)
    {
        var outputs = new float[network.Signature.OutputSize];
        SpanExplainers.PredictUnchecked(network, row, outputs, 1);
        return [.. outputs.Select(value => (double)value)];
    }

    /// <summary>What Forward itself gives, its outputs one after another.</summary>
    public static double[] Eager(ImportedModel model, INetwork network, IReadOnlyDictionary<string, Literal> inputs, int example)
    {
        var given = model.Inputs.Select(input =>
        {
            var (values, size) = (inputs[input.Name], Size(input));
            return (input.Axes.ToArray(), Enumerable.Range(0, size).Select(i => values[example * size + i]).ToArray());
        });
        return [.. CompiledModels.Forward(network, [.. given]).SelectMany(output => output)];
    }

    private static double Or(double difference) => double.IsNaN(difference) ? double.PositiveInfinity : difference;

    /// <summary>
    /// The relative gap of DeepLIFT for the largest unit of the first output; null where the network has no DeepLIFT, or the output is not
    /// finite.
    /// </summary>
    public static double? GapOf(INetwork network, float[] row, ImportedValue first)
    {
        var outputs = Compiled(network, row);
        return network is IDeepLiftNetwork explained && outputs.All(double.IsFinite) ? Gap(explained, row, outputs[..Size(first)]) : null;
    }

    private static double Gap(IDeepLiftNetwork network, float[] row, double[] outputs)
    {
        var unit = Array.IndexOf(outputs, outputs.Max());
        try
        {
            var why = network.DeepLift(row, Whence.Target.Unit(unit).OfOutput());
            return why.RelativeGap ?? 0;
        }
        catch (NonFiniteException)
        {
            return double.NaN;
        }
    }

    /// <summary>One example's row of input: tokens are embedded.</summary>
    public static float[] Row(ImportedModel model, INetwork network, IReadOnlyDictionary<string, Literal> inputs, int example)
    {
        var row = new float[network.Signature.InputSize];
        var (start, tokens) = (0, 0);
        for (var i = 0; i < model.Inputs.Count; i++)
        {
            var (input, values) = (model.Inputs[i], inputs[model.Inputs[i].Name]);
            var size = values.Count / model.Batch;
            if (input.Kind == "Tokens")
            {
                var own = Enumerable.Range(0, size).Select(place => (int)values.Whole(example * size + place)).ToArray();
                ((ITokenNetwork)network).Embed(tokens++, own, [], row, 1);
            }
            else
            {
                for (var place = 0; place < size; place++)
                    row[start + place] = (float)values[example * size + place];
            }
            start += network.Signature.Inputs[i].Shape.Size;
        }
        return row;
    }

    private static int Place(ImportedModel model, ImportedValue output, Literal expected, int example, int place)
    {
        var batch = model.OutputBatches[model.Outputs.ToList().IndexOf(output)];
        if (batch <= 0 || model.Batch == 1)
            return model.Batch == 1 ? place : example * (expected.Count / model.Batch) + place;
        var inner = Literal.CountOf(expected.Axes[(batch + 1)..]);
        return (place / inner * model.Batch + example) * inner + place % inner;
    }
}
