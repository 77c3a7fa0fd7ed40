using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;
using Embedded;
using Whence;

var clock = Stopwatch.StartNew();
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string[] classes = ["malignant", "benign"];
var net = CellNet.Load(Weights.Embedded(typeof(CellNet).Assembly, "tabular.safetensors"));
var cells = Cells.Embedded();
var row = 0;
if (args.Length > 1 || args.Length > 0 && (!int.TryParse(args[0], out row) || row < 0 || row >= cells.Count))
{
    Console.Error.WriteLine($"The only argument is a row from 0 to {cells.Count - 1}, not \"{string.Join(' ', args)}\".");
    return 1;
}

var x = cells.Measurements(row);
var logits = net.Predict(x);
var first = clock.Elapsed.TotalMilliseconds;
var answer = Array.IndexOf(logits, logits.Max());
var target = Target.Unit(answer);
var width = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 32;
Console.WriteLine($"vectors of {width} bits");
Console.WriteLine($"row {row}, diagnosed {cells.Diagnosis(row)}: logits {classes[0]} {logits[0]:f4}, {classes[1]} {logits[1]:f4}");
Console.WriteLine($"why {classes[answer]}, compared with the average cell:");
Print("DeepLIFT, Rescale", net.DeepLift(x, target, Rule.Rescale));
Print("DeepLIFT, RevealCancel", net.DeepLift(x, target, Rule.RevealCancel));
Print("integrated gradients, 50 steps", net.IntegratedGradients(x, target));
var all = clock.Elapsed.TotalMilliseconds;
Console.WriteLine($"first answer {first:f1} ms after the program's first line, all {all:f1} ms; {PeakMemory()}");
return 0;

// The kernel's own count: System.Diagnostics.Process would be a tenth of the program.
static string PeakMemory() => File.Exists("/proc/self/status")
    && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) is { } peak
        ? $"peak memory {peak[6..].Trim()}"
        : "peak memory not known here";

void Print(string method, Attribution why)
{
    Console.WriteLine($"  {method}: {why.Output:f4} - {why.ReferenceOutput:f4} = sum of contributions, off by {why.Gap:0.0e+0}");
    foreach (var reason in why.Top(4))
        Console.WriteLine($"    {reason.Score,8:f4}  {cells.Name(reason.Unit)} = {x[reason.Unit]:f2}");
}
