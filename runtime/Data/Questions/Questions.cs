using System.Globalization;

namespace Whence.Data;

/// <summary>Questions by the words of a command line.</summary>
internal static class Questions
{
    private const string Steps = "integrated-gradients";

    public static readonly IReadOnlyList<string> Names =
        ["deeplift", "deeplift-rescale", "deeplift-revealcancel", "deeplift-genomics", Steps, "gradient", "gradient-times-input"];

    public static bool HasSteps(string method) => method == Steps;

    public static Question Of(string method, Target? target, float[]? references, int each, int steps, int threads)
    {
        var options = new ExplainOptions { Threads = threads };
        return method switch
        {
            "deeplift" => Question.DeepLift(target, Rule.Inherit, references, each, options),
            "deeplift-rescale" => Question.DeepLift(target, Rule.Rescale, references, each, options),
            "deeplift-revealcancel" => Question.DeepLift(target, Rule.RevealCancel, references, each, options),
            "deeplift-genomics" => Question.DeepLift(target, Rule.Genomics, references, each, options),
            Steps => Question.IntegratedGradients(target, references, each, new PathOptions { Threads = threads, Steps = steps }),
            "gradient" => new Question(method, target, (net, x, count, targets, scores) =>
                SpanExplainers.Gradient(net, x, count, targets, scores, options)),
            _ => new Question(method, target, (net, x, count, targets, scores) => SpanExplainers.GradientTimesInput(net, x, count, targets,
                Question.Against(references, each), scores, options)),
        };
    }

    /// <summary>"7", "8-3", or "largest", for which null.</summary>
    /// <exception cref="ArgumentException">It is none of these.</exception>
    public static Target? Target(string text, bool ofOutput)
    {
        if (text == "largest")
            return ofOutput ? throw new ArgumentException("--of-output needs a unit, not \"largest\".") : null;
        var units = Array.ConvertAll(text.Split('-'), unit =>
            int.TryParse(unit, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1);
        if (units.Length > 2 || units.Min() < 0)
            throw new ArgumentException($"--target is a unit, a difference such as 8-3, or \"largest\", not \"{text}\".");
        var target = units.Length == 1 ? Whence.Target.Unit(units[0]) : Whence.Target.Difference(units[0], units[1]);
        return ofOutput ? target.OfOutput() : target;
    }
}
