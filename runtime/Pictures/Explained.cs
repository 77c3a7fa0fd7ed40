using System.Globalization;
using System.Text;

namespace Whence.Pictures;

/// <summary>
/// One explanation of one example, as a <see cref="Report"/> shows it: the scores and the numbers that tell how far to trust them.
/// </summary>
public sealed record Explained
{
    /// <summary>The method's name, such as "Integrated gradients".</summary>
    public required string Method { get; init; }

    /// <summary>The rule or quadrature, such as "midpoint, 50 steps"; may be empty.</summary>
    public string Detail { get; init; } = "";

    /// <summary>What is explained, such as "logit of class 7".</summary>
    public required string Target { get; init; }

    /// <summary>The reference's name, such as "zero"; empty for methods without one.</summary>
    public string Reference { get; init; } = "";

    /// <summary>The scores' shape: [features], [channels, length] or [channels, height, width].</summary>
    public required Shape Shape { get; init; }

    /// <summary>The scores, in the user's axis order.</summary>
    public required ReadOnlyMemory<float> Scores { get; init; }

    /// <summary>
    /// The names of the features along one axis; empty if they have none, or if the example says them (<see cref="Example.Names"/>).
    /// </summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The axis that the names are of.</summary>
    public int NamedAxis { get; init; }

    /// <summary>The target's value on the example.</summary>
    public required double Output { get; init; }

    /// <summary>The target's value on the reference; null for methods without one.</summary>
    public double? ReferenceOutput { get; init; }

    /// <summary>The sum of all scores, where those shown are only a part (one of several inputs); null if they are all.</summary>
    public double? Sum { get; init; }

    /// <summary>Output - reference output - sum of scores; null for methods that promise no sum.</summary>
    public double? Gap { get; init; }

    /// <summary>|gap| / (sum of |scores| + |difference of the outputs|); null for methods that promise no sum.</summary>
    public double? RelativeGap { get; init; }

    /// <summary>Whether a doubling quadrature reached its tolerance; null if none was asked for.</summary>
    public bool? Converged { get; init; }

    /// <summary>An explainer's answer as a report shows it: the scores of the first input, or of the layer.</summary>
    /// <param name="attribution">The answer.</param>
    /// <param name="input">Another input, by its parameter's name in Forward.</param>
    /// <param name="method">Another name for the method.</param>
    /// <exception cref="ArgumentException">There is no such input.</exception>
    public static Explained Of(Attribution attribution, string? input = null, string? method = null)
    {
        ArgumentNullException.ThrowIfNull(attribution);
        var tensor = attribution.Tensors.FirstOrDefault(tensor => input is null || tensor.Name == input);
        var scores = attribution.ScoresOf(input ?? tensor!.Name).ToArray();
        return new Explained
        {
            Method = method ?? Words(attribution.Method),
            Detail = Details(attribution),
            Target = attribution.Target.ToString(),
            Reference = attribution.ReferenceOutput is null ? "" : attribution.Reference,
            Shape = tensor!.Shape,
            Scores = scores,
            Names = tensor.Features,
            NamedAxis = tensor.FeatureAxis,
            Output = attribution.Output,
            ReferenceOutput = attribution.ReferenceOutput,
            Sum = attribution.Completeness.Sum,
            Gap = attribution.Gap,
            RelativeGap = attribution.RelativeGap,
            Converged = attribution.Converged,
        };
    }

    private static string Details(Attribution attribution)
    {
        var details = new List<string>();
        if (attribution.Rule is { } rule)
            details.Add(rule.ToString());
        if (attribution.Quadrature is { } quadrature)
            details.Add(quadrature == Quadrature.GaussLegendre ? "Gauss-Legendre" : quadrature.ToString().ToLowerInvariant());
        if (attribution.Steps is { } steps)
            details.Add(string.Create(CultureInfo.InvariantCulture, $"{steps} {attribution.StepsAre}"));
        if (attribution.Alpha is { } alpha)
            details.Add(string.Create(CultureInfo.InvariantCulture, $"alpha {alpha:0.###}"));
        return string.Join(", ", details);
    }

    /// <summary>
    /// A method's name in words: "IntegratedGradients" as "Integrated gradients", proper names as their authors write them.
    /// </summary>
    internal static string Words(string name)
    {
        var words = new StringBuilder();
        foreach (var letter in name)
        {
            var starts = char.IsUpper(letter) && words.Length > 0;
            words.Append(starts ? " " : "").Append(starts ? char.ToLowerInvariant(letter) : letter);
        }
        return ProperNames.Aggregate(words.ToString(),
            (text, proper) => text.Replace(proper.Plain, proper.Name, StringComparison.OrdinalIgnoreCase));
    }

    private static readonly (string Plain, string Name)[] ProperNames =
        [("deep lift", "DeepLIFT"), ("grad cam", "Grad-CAM"), ("deconv net", "DeconvNet"), ("backprop rescale", "backprop Rescale"),
            ("lrp epsilon", "LRP epsilon")];
}
