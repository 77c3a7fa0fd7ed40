using Microsoft.Extensions.Options;

namespace Whence.Extensions;

/// <summary>What can be said of the options before the network is loaded.</summary>
internal sealed class NetworkOptionsRules<TNet> : IValidateOptions<NetworkOptions<TNet>> where TNet : class, INetwork
{
    private static readonly Methods[] methods =
        [Methods.None, Methods.Rescale, Methods.RevealCancel, Methods.Genomics, Methods.IntegratedGradients, Methods.Gradient];

    public ValidateOptionsResult Validate(string? name, NetworkOptions<TNet> options)
    {
        string[] wrong = [.. Wrong(options).Select(one => $"{typeof(TNet).Name}: {one}")];
        return wrong.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static IEnumerable<string> Wrong(NetworkOptions<TNet> options)
    {
        if (WrongWeights(options) is { } weights)
            yield return weights;
        if (!methods.Contains(options.Method))
            yield return $"Method is one of {string.Join(", ", methods)}, not {options.Method}; set ExplainBy for any other.";
        if (options.Method != Methods.None && options.ExplainBy is not null)
            yield return $"Method is {options.Method} and ExplainBy is set too; leave one out.";
        if (options.Explain is null)
            yield return "Explain is null; leave it out for the methods' own options.";
        else if (options.Explain.RequireGap is not null)
            yield return "Explain has a RequireGap; say it by GapTolerance.";
        else if (options.Explain.Cancellation.CanBeCanceled)
            yield return "Explain has a Cancellation, which would end every answer; give it to each call.";
        if (options.GapTolerance is { } tolerance && !(tolerance >= 0))
            yield return $"GapTolerance is at least 0, or null for any gap, but is {tolerance}.";
        foreach (var (setting, value) in Counts(options))
        {
            if (value < 1)
                yield return $"{setting} is at least 1, but is {value}.";
        }
    }

    private static (string Setting, int Value)[] Counts(NetworkOptions<TNet> options) =>
    [
        (nameof(options.MaxBatchRows), options.MaxBatchRows),
        (nameof(options.QueueCapacity), options.QueueCapacity),
        (nameof(options.Workers), options.Workers),
    ];

    private static string? WrongWeights(NetworkOptions<TNet> options)
    {
        if (options.OpenWeights is not null)
            return options.WeightsPath is null ? null : "WeightsPath and OpenWeights are both set; leave one out.";
        if (string.IsNullOrEmpty(options.WeightsPath))
            return "there are no weights; set WeightsPath to a safetensors file, or OpenWeights.";
        var path = NetworkLoader<TNet>.PathOf(options.WeightsPath);
        return File.Exists(path) ? null : $"WeightsPath is \"{options.WeightsPath}\", but there is no file {path}.";
    }
}
