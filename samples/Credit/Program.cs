using System.Globalization;
using Credit;
using Microsoft.Extensions.Hosting;
using Spectre.Console;

const string Usage = """
    Answers whether a tumour is malignant, and by which measurements, over HTTP.

      dotnet run --project samples/Credit -c Release [-- table | draw | short | URL]

    (nothing)      serves on http://127.0.0.1:5080 until it is stopped
    table          compares ways to find reasons on all 143 test rows
    draw [FOLDER]  draws the reasons for the first test row as reasons.svg, in artifacts/credit or the folder
    short          serves on a free port, sends it good rows and bad ones, compares on 8 rows, and stops
    URL            serves there
    """;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var folder = AppContext.BaseDirectory;
switch (args)
{
    case ["table"]:
        Print(int.MaxValue);
        return 0;
    case ["draw"] or ["draw", _]:
        try
        {
            Drawings.Save(Assessor.Load(folder), Csv.Read(Path.Combine(folder, "test.csv"), labels: true),
                args is [_, var to] ? to : "artifacts/credit");
            return 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }
    case ["short"]:
        await using (var service = Service.Build("http://127.0.0.1:0", folder))
        {
            await service.StartAsync();
            var good = await Visit.Pay(service.Urls.First(), Csv.Read(Path.Combine(folder, "test.csv"), labels: true));
            await service.StopAsync();
            Print(8);
            if (!good)
                Console.Error.WriteLine("The service did not answer as it should.");
            return good ? 0 : 1;
        }
    case [] or [['h', 't', 't', 'p', ..]]:
        await using (var service = Service.Build(args is [var url] ? url : "http://127.0.0.1:5080", folder))
        {
            await service.StartAsync();
            Console.WriteLine($"POST a row to {service.Urls.First()}/assess; Ctrl-C stops.");
            await service.WaitForShutdownAsync();
        }
        return 0;
    default:
        Console.WriteLine(Usage);
        return args is ["--help"] or ["-h"] ? 0 : 1;
}

void Print(int most)
{
    var assessor = Assessor.Load(folder);
    var test = Csv.Read(Path.Combine(folder, "test.csv"), labels: true);
    var right = test.Rows.Where((row, i) => Assessor.Answers[assessor.Answer(assessor.Scaled(row))] == test.Labels[i]).Count();
    var rows = test.Rows.Take(most).ToList();
    Console.WriteLine($"{right} of {test.Rows.Count} test rows right; reasons for {rows.Count} of them, compared with "
        + $"{assessor.Population.Each} training rows:");
    var table = new Table().Border(TableBorder.Horizontal);
    foreach (var title in new[] { "method", "largest gap", "same first", "shared of 3", "log-odds lost" })
        table.AddColumn(title, column => (title == "method" ? column : column.RightAligned()).NoWrap().Padding(0, 0, 1, 0));
    foreach (var line in Comparison.Measure(assessor, rows))
        table.AddRow(line.Method, line.LargestGap is { } gap ? $"{gap:0.0e+0}" : "none", $"{line.SameFirst:p0}", $"{line.Shared:f2}",
            $"{line.Lost:f2}");
    AnsiConsole.Write(table);
}
