using System.Globalization;
using BenchmarkDotNet.Running;
using Whence.Benchmarks;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["serve", var folder, var time])
{
    Serving.Run(folder, time == "cpu");
    return 0;
}
if (args is ["changes"])
{
    foreach (var line in Changes.Table())
        Console.WriteLine(line);
    return 0;
}
if (args is ["queue"])
{
    await foreach (var line in Queue.Table())
        Console.WriteLine(line);
    return 0;
}
if (args is not ["compare", ..])
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
    return 0;
}
if (args is ["compare", "--help" or "-h"])
{
    Console.WriteLine(CompareArguments.Usage);
    return 0;
}
try
{
    var arguments = CompareArguments.Parse(args[1..]);
    if (arguments.Against is not null)
        return Against.Run(arguments) ? 0 : 2;
    Comparison.Run(arguments);
    return 0;
}
catch (Exception error) when (error is ArgumentException or IOException or InvalidOperationException)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}
