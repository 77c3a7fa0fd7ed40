using System.Globalization;
using BenchmarkDotNet.Running;
using Whence.Benchmarks;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
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
    Comparison.Run(CompareArguments.Parse(args[1..]));
    return 0;
}
catch (Exception error) when (error is ArgumentException or IOException or InvalidOperationException)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}
