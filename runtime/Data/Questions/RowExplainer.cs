namespace Whence.Data;

/// <summary>Explains batches of rows: what one thread of work needs, made once.</summary>
internal sealed class RowExplainer
{
    private readonly INetwork net;
    private readonly Question question;
    private readonly ScoreLayout layout;
    private readonly int scoreSize;
    private readonly float[] scores;
    private readonly Completeness[] sums;
    private readonly double[] foldedSums;
    private readonly float[] folded;
    private readonly float[] outputs;
    private readonly Target[] targets;
    private readonly int[] units;

    public RowExplainer(INetwork net, Question question, ScoreLayout layout, int batchRows)
    {
        (this.net, this.question, this.layout) = (net, question, layout);
        scoreSize = question.IsGrouped ? layout.Width : net.Signature.InputSize;
        scores = new float[batchRows * scoreSize];
        sums = new Completeness[batchRows];
        foldedSums = new double[layout.Width];
        folded = new float[layout.Width];
        outputs = new float[question.IsPerRow ? batchRows * net.Signature.OutputSize : 0];
        targets = new Target[question.IsPerRow ? batchRows : 0];
        units = new int[batchRows];
        Answers = new ScoreBatch(batchRows, layout.Width);
    }

    /// <summary>
    /// How many rows of a network's input a batch should have: what takes four megabytes, and gives every thread a chunk.
    /// </summary>
    public static int BatchRows(Signature network, int threads)
    {
        var fit = (1 << 20) / Math.Max(1, network.InputSize);
        return Math.Clamp(fit, 1, Math.Max(1, Math.Max(256, network.ChunkRows * threads * 4)));
    }

    /// <summary>What <see cref="Explain"/> found, in the order of the rows.</summary>
    public ScoreBatch Answers { get; }

    /// <summary>[Answers.Count]: how the scores add up.</summary>
    public ReadOnlySpan<Completeness> Sums => sums.AsSpan(0, Answers.Count);

    /// <summary>Explains a batch. Rows whose answer or slope is not finite are taken out of it, and are among its refused ones.</summary>
    public ScoreBatch Explain(RowBatch batch)
    {
        Answers.Count = 0;
        while (batch.Count > 0 && !Try(batch))
        {
        }
        for (var i = 0; i < batch.Count; i++)
            Take(batch, i);
        return Answers;
    }

    private bool Try(RowBatch batch)
    {
        try
        {
            if (question.IsPerRow)
                Choose(batch);
            var asked = question.IsPerRow ? Targets.PerInput(targets.AsSpan(0, batch.Count)) : question.Target!.Value;
            question.Score(net, batch.Values, batch.Count, asked, new ScoreSpans<float>
            {
                Scores = scores.AsSpan(0, batch.Count * scoreSize), Sums = sums.AsSpan(0, batch.Count),
            });
            return true;
        }
        catch (NonFiniteException error) when (error.Input >= 0 && error.Input < batch.Count)
        {
            batch.Remove(error.Input, error.Message);
            return false;
        }
    }

    /// <summary>The unit of the first output that is largest, the first of equal ones.</summary>
    private void Choose(RowBatch batch)
    {
        var size = net.Signature.OutputSize;
        SpanExplainers.Predict<float>(net, batch.Values, outputs.AsSpan(0, batch.Count * size), batch.Count);
        var first = net.Signature.Outputs[0].Shape;
        for (var i = 0; i < batch.Count; i++)
        {
            var own = outputs.AsSpan(i * size, first.Size);
            units[i] = Largest(own);
            targets[i] = Target.Unit(units[i]);
        }
    }

    private static int Largest(ReadOnlySpan<float> values)
    {
        var largest = 0;
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] > values[largest])
                largest = i;
        }
        return largest;
    }

    private void Take(RowBatch batch, int at)
    {
        var own = scores.AsSpan(at * scoreSize, scoreSize);
        if (question.IsGrouped)
            own.CopyTo(folded);
        else
            layout.Fold(own, foldedSums, folded);
        Answers.Add(batch.Numbers[at], batch.Ids[at], question.IsPerRow ? units[at] : -1, sums[at].Output, sums[at].Gap ?? double.NaN,
            folded);
    }
}
