using System.Diagnostics;
using Digits;
using Whence;

namespace Live;

/// <summary>Answers about a digit that is being drawn.</summary>
internal sealed class DigitDesk(DigitNet net)
{
    private static readonly ExplainOptions plain = new() { Parts = false };
    private static readonly float[] black = new float[784];

    public Answered Answer(Asked asked)
    {
        var start = Stopwatch.GetTimestamp();
        if (asked.Pixels is not { Length: 784 } pixels)
            throw new ArgumentException($"A digit is 784 pixels, not {asked.Pixels?.Length ?? 0}.");
        var drawn = Array.ConvertAll(pixels, pixel => pixel / 255f);
        var unit = asked.Target ?? Way.Largest(Way.Probabilities(net.Predict(drawn), isSoftmax: false));
        if (unit is < 0 or > 9)
            throw new ArgumentException($"A digit is one of 0 to 9, not {unit}.");
        var x = Way.At(black, drawn, asked.Alpha);
        var logits = net.Predict(x);
        var probabilities = Way.Probabilities(logits, isSoftmax: false);
        Choice[] choices = [.. probabilities.Select((probability, digit) => new Choice($"{digit}", digit, probability))];
        var change = logits[unit] - net.Predict(black)[unit];
        return new Answered(asked.Id, asked.Ask, choices[unit], choices, Way.Along(net, black, drawn, unit, isSoftmax: false),
            Methods(drawn, x, asked.Alpha, Target.Unit(unit), change), Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    private Told[] Methods(float[] drawn, float[] x, double alpha, Target target, double change) =>
    [
        Told.Of("DeepLIFT, RevealCancel", net.DeepLift(x, target, Rule.RevealCancel, options: plain), change),
        Told.Of("DeepLIFT, Rescale", net.DeepLift(x, target, Rule.Rescale, options: plain), change),
        Told.Of("Integrated gradients", net.IntegratedGradients(x, target), change),
        Told.Of("Gradient × input", net.GradientTimesInput(x, target), change),
        Interior.At(net, drawn, alpha, target, change),
    ];
}
