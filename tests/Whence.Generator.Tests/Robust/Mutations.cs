using System.Collections.Concurrent;
using System.Globalization;
using Xunit.Abstractions;

namespace Whence.Generator.Tests.Robust;

/// <summary>
/// Half-written code is the normal case: over the networks of all samples and the zoo, changed at random, neither generator nor analyzer
/// throws or takes long. <c>WHENCE_LONG=1 WHENCE_MUTATIONS=10000 dotnet test tests/Whence.Generator.Tests --filter Long=mutations</c> tries
/// so many, and <c>WHENCE_MUTATION_SEED</c> gives the seed of an earlier run.
/// </summary>
[Collection("Timed")]
public class Mutations(ITestOutputHelper output)
{
    private const int Usual = 1000;
    private const double MostSeconds = 2;

    [Fact]
    [Trait("Long", "mutations")]
    public void AreReadWithoutThrowing()
    {
        var count = Number("WHENCE_MUTATIONS") ?? Usual;
        var seed = Number("WHENCE_MUTATION_SEED") ?? Random.Shared.Next(1_000_000_000);
        output.WriteLine($"{count} mutants from seed {seed}");
        var (failures, slow) = (new ConcurrentBag<string>(), new ConcurrentBag<int>());
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            i => Try(seed + i, failures, slow));
        // A machine at work elsewhere is no fault: what seemed slow is timed again, alone.
        foreach (var one in slow)
            Time(one, failures);
        Assert.True(failures.IsEmpty, $"{failures.Count} of {count} mutants from seed {seed}:\n{string.Join("\n\n", failures.Take(8))}");
    }

    private static void Try(int seed, ConcurrentBag<string> failures, ConcurrentBag<int> slow)
    {
        var (name, text) = Mutant.Of(seed);
        var reading = Reading.Of(text);
        if (reading.Failure is { } failure)
            failures.Add($"{name}, WHENCE_MUTATION_SEED={seed}: {failure}\n{text}");
        else if (reading.Slowest > MostSeconds)
            slow.Add(seed);
    }

    private static void Time(int seed, ConcurrentBag<string> failures)
    {
        var (name, text) = Mutant.Of(seed);
        var seconds = double.PositiveInfinity;
        for (var again = 0; seconds > MostSeconds && again < 8; again++)
            seconds = Math.Min(seconds, Reading.Of(text).Slowest);
        if (seconds > MostSeconds)
            failures.Add($"{name}, WHENCE_MUTATION_SEED={seed}: {seconds:F1} s\n{text}");
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
