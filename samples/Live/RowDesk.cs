using System.Diagnostics;
using Credit;
using Whence;

namespace Live;

/// <summary>Answers about a row of a table whose measurements are being moved.</summary>
internal sealed class RowDesk
{
    private static readonly string[] answers = ["malignant", "benign"];
    private static readonly ExplainOptions plain = new() { Parts = false };

    private readonly TumourNet net;
    private readonly Population people;
    private readonly float[] mean;
    private readonly float[] atMean;

    public RowDesk(TumourNet net, Population people)
    {
        people.RequireFor(net);
        (this.net, this.people) = (net, people);
        mean = Assessor.Row([.. people.Typical]);
        atMean = net.Predict(mean);
    }

    public Answered Answer(Asked asked)
    {
        var start = Stopwatch.GetTimestamp();
        if (asked.Values is not { } values || values.Length != people.Measurements.Count)
            throw new ArgumentException($"A row is {people.Measurements.Count} measurements, not {asked.Values?.Length ?? 0}.");
        var moved = Assessor.Row(values);
        var unit = asked.Target ?? Way.Largest(Way.Probabilities(net.Predict(moved), isSoftmax: false));
        if (unit is not (0 or 1))
            throw new ArgumentException($"An answer is 0 or 1, not {unit}.");
        var x = Way.At(mean, moved, asked.Alpha);
        var logits = net.Predict(x);
        var probabilities = Way.Probabilities(logits, isSoftmax: false);
        Choice[] choices = [.. probabilities.Select((probability, i) => new Choice(answers[i], i, probability))];
        var change = logits[unit] - logits[1 - unit] - (atMean[unit] - atMean[1 - unit]);
        return new Answered(asked.Id, asked.Ask, choices[unit], choices, Way.Along(net, mean, moved, unit, isSoftmax: false),
            Methods(x, Target.Difference(unit, 1 - unit), change), Stopwatch.GetElapsedTime(start).TotalMilliseconds)
        {
            Values = Array.ConvertAll(x, value => (double)value),
        };
    }

    private Told[] Methods(float[] x, Target target, double change) =>
    [
        Told.Of("Shapley values, sampled", net.ShapleySampling(x, target, mean), change),
        Told.Of("DeepLIFT, Rescale", net.DeepLift(x, target, Rule.Rescale, mean, plain), change),
        Told.Of("Integrated gradients", net.IntegratedGradients(x, target, mean), change),
        Told.Of("Gradient × difference", net.GradientTimesInput(x, target, mean), change),
    ];
}
