using System.Globalization;
using Molecules;
using Whence;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    var folder = args.SkipWhile(word => word != "--out").Skip(1).FirstOrDefault() ?? Path.Combine("artifacts", "molecules");
    new Experiments(folder, args.Contains("short")).Run();
    return 0;
}
catch (Exception error) when (error is ArgumentException or InvalidDataException or IOException or WeightsException)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}
