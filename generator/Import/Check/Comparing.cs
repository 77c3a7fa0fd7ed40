using Whence.Import.Read;

namespace Whence.Import.Check;

/// <summary>Compares a network with inputs and outputs as ONNX has them, their batch's axis included.</summary>
internal static class Comparing
{
    /// <summary>Runs every example of the inputs and compares; in double precision where numbers are beyond single precision.</summary>
    /// <param name="model">The model.</param>
    /// <param name="network">It, loaded.</param>
    /// <param name="inputs">Each input's tensor by its name in the model.</param>
    /// <param name="outputs">Each output's, in the model's order.</param>
    public static Comparison Compare(ImportedModel model, INetwork network, IReadOnlyDictionary<string, Literal> inputs,
        IReadOnlyList<Literal> outputs) => Each(model, network, inputs, outputs, inputs.Values.Concat(outputs).Any(IsBeyondSingle))
            .Aggregate((all, one) => all.With(one));

    /// <summary>The same, of each output for itself.</summary>
    /// <param name="model">The model.</param>
    /// <param name="network">It, loaded.</param>
    /// <param name="inputs">Each input's tensor by its name in the model.</param>
    /// <param name="outputs">Each output's, in the model's order.</param>
    /// <param name="isEager">Whether Forward itself is run, in double precision.</param>
    public static Comparison[] Each(ImportedModel model, INetwork network, IReadOnlyDictionary<string, Literal> inputs,
        IReadOnlyList<Literal> outputs, bool isEager = false)
    {
        Comparison[] all = [.. outputs.Select(output => new Comparison(0, Scale(output), null) { IsEager = isEager })];
        for (var example = 0; example < model.Batch; example++)
        {
            var row = isEager ? null : Row(model, network, inputs, example);
            var found = row is null ? Eager(model, network, inputs, example) : Compiled(network, row);
            var start = 0;
            for (var i = 0; i < outputs.Count; i++)
            {
                var size = Size(model.Outputs[i]);
                all[i] = all[i].With(Differences(model, i, outputs[i], example, found.AsSpan(start, size)));
                start += size;
            }
            if (row is not null && GapOf(network, row, model.Outputs[0]) is { } gap)
                all[0] = all[0].With(new(0, 0, gap));
        }
        return all;
    }

    private static Comparison Differences(ImportedModel model, int output, Literal expected, int example, ReadOnlySpan<double> found)
    {
        var (difference, worst) = (0.0, -1);
        for (var i = 0; i < found.Length; i++)
        {
            var wanted = expected[PlaceOf(model, output, expected, example, i)];
            if (wanted.Equals(found[i]) || double.IsNaN(wanted) && double.IsNaN(found[i]))
                continue;
            var one = Or(Math.Abs(wanted - found[i]));
            if (one > difference)
                (difference, worst) = (one, i);
        }
        return new(difference, 0, null) { Worst = worst < 0 ? null : Place.Of(model.Outputs[output], worst) };
    }

    private static double Scale(Literal expected)
    {
        var scale = 0.0;
        for (var i = 0; i < expected.Count; i++)
            scale = double.IsFinite(expected[i]) ? Math.Max(scale, Math.Abs(expected[i])) : scale;
        return scale;
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
    public static double[] Eager(ImportedModel model, INetwork network, IReadOnlyDictionary<string, Literal> inputs, int example) =>
        [.. EagerEach(model, network, inputs, example).SelectMany(output => output)];

    /// <summary>What Forward itself gives, each output.</summary>
    public static IReadOnlyList<double[]> EagerEach(ImportedModel model, INetwork network, IReadOnlyDictionary<string, Literal> inputs,
        int example)
    {
        var given = model.Inputs.Select(input =>
        {
            var (values, size) = (inputs[input.Name], Size(input));
            return (input.Axes.ToArray(), Enumerable.Range(0, size).Select(i => values[example * size + i]).ToArray());
        });
        return CompiledModels.Forward(network, [.. given]);
    }

    private static double Or(double difference) => double.IsNaN(difference) ? double.PositiveInfinity : difference;

    /// <summary>
    /// The relative gap of DeepLIFT for the largest unit of the first output; null where the network has no DeepLIFT, or the output is not
    /// finite.
    /// </summary>
    public static double? GapOf(INetwork network, float[] row, ImportedValue first)
    {
        if (network is not IDeepLiftNetwork explained)
            return null;
        var outputs = Compiled(network, row);
        return outputs.All(double.IsFinite) ? Gap(explained, row, outputs[..Size(first)]) : null;
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
        var (start, tokens, at) = (0, 0, 0);
        foreach (var input in model.Inputs)
        {
            var values = inputs[input.Name];
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
            start += network.Signature.Inputs[at++].Shape.Size;
            if (!input.IsVariable)
                continue;
            // Behind what may be shorter stands which positions there are: here, all.
            var present = network.Signature.Inputs[at++].Shape.Size;
            row.AsSpan(start, present).Fill(1);
            start += present;
        }
        return row;
    }

    private static int PlaceOf(ImportedModel model, int output, Literal expected, int example, int place)
    {
        var batch = model.OutputBatches[output];
        if (batch <= 0 || model.Batch == 1)
            return model.Batch == 1 ? place : example * (expected.Count / model.Batch) + place;
        var inner = Literal.CountOf(expected.Axes[(batch + 1)..]);
        return (place / inner * model.Batch + example) * inner + place % inner;
    }
}
