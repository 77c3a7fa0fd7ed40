using Whence.Generator.Graphs;

namespace Whence.Generator.Derive;

/// <summary>What the [Network] attribute says of methods beside their names.</summary>
/// <param name="MaxPoolGradient">Whether max-pooling routes the multiplier like a gradient.</param>
/// <param name="IsMixed">Whether RevealCancel was asked for on a layer, so that Rescale is what the others get.</param>
/// <param name="LrpEpsilon">What keeps LRP's divisions from zero.</param>
internal sealed record MethodSettings(bool MaxPoolGradient, bool IsMixed, double LrpEpsilon);

/// <summary>All ways back through a network, by their names among the runtime's Methods.</summary>
internal static class MethodRegistry
{
    private static readonly IReadOnlyList<(string Name, Func<MethodSettings, Method> Make)> all =
    [
        (nameof(Gradient), _ => new Gradient()),
        (nameof(GuidedBackprop), _ => new GuidedBackprop()),
        (nameof(DeconvNet), _ => new DeconvNet()),
        (nameof(Rescale), settings => settings.IsMixed
            ? new RevealCancel(settings.MaxPoolGradient, Preset.Rescale) : new Rescale(settings.MaxPoolGradient)),
        (nameof(RevealCancel), settings => new RevealCancel(settings.MaxPoolGradient, Preset.RevealCancel)),
        (nameof(Preset.Genomics), settings => new RevealCancel(settings.MaxPoolGradient, Preset.Genomics)),
        (nameof(GuidedBackpropRescale), settings => new GuidedBackpropRescale(settings.MaxPoolGradient)),
        (nameof(LrpEpsilon), settings => new LrpEpsilon(settings.LrpEpsilon)),
    ];

    /// <summary>The ways that were asked for.</summary>
    public static IEnumerable<Method> Of(AskedMethods asked, MethodSettings settings) =>
        all.Where(method => asked.Has(method.Name)).Select(method => method.Make(settings));
}
