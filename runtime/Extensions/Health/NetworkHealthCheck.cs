using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Whence.Extensions;

/// <summary>Explains a known row, and says what is off.</summary>
internal sealed class NetworkHealthCheck<TNet>(NetworkService<TNet> service, KnownRow known) : IHealthCheck where TNet : class, INetwork
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            var why = service.Explain([.. known.Input], known.Target, cancellationToken);
            var data = new Dictionary<string, object>
            {
                ["network"] = why.Network, ["method"] = why.Method, ["output"] = why.Output, ["expected"] = known.Output,
                ["milliseconds"] = Stopwatch.GetElapsedTime(start).TotalMilliseconds,
            };
            if (why.RelativeGap is { } gap)
                data["relativeGap"] = gap;
            return Task.FromResult(Off(why) is { } wrong
                ? new HealthCheckResult(context.Registration.FailureStatus, wrong, data: data)
                : HealthCheckResult.Healthy($"{why.Network} explains the known row as it should.", data));
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return Task.FromResult(new HealthCheckResult(context.Registration.FailureStatus,
                $"{service.Network.Signature.Name} cannot explain the known row: {error.Message}", error));
        }
    }

    private string? Off(Attribution why)
    {
        if (!(Math.Abs(why.Output - known.Output) <= known.Tolerance * Math.Max(1, Math.Abs(known.Output))))
            return FormattableString.Invariant(
                $"{why.Network} answers the known row by {why.Output:r}, but {known.Output:r} within {known.Tolerance:r} is right.");
        if (why.RelativeGap is { } gap && !(gap <= (service.GapTolerance ?? double.PositiveInfinity)))
            return FormattableString.Invariant($"{why.Network}'s reasons for the known row miss its answer by {gap:e2} of their size; ")
                + FormattableString.Invariant($"{service.GapTolerance:e2} is allowed.");
        if (known.FirstReason is { } first && why.Top(1) is [var top] && top.Place != first)
            return $"{why.Network}'s first reason for the known row is {top.Place}, not {first}.";
        return null;
    }
}
