using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Samples;
using Spectre.Console;

namespace Credit;

/// <summary>What the command line asks for.</summary>
internal static class Commands
{
    private const string Local = "http://127.0.0.1:5080";
    private const int Few = 8;

    private static readonly string folder = AppContext.BaseDirectory;

    /// <summary>Does what the words ask for; the exit code.</summary>
    public static int Run(string[] args)
    {
        var url = new Argument<string>("url") { Description = "where to serve", DefaultValueFactory = _ => Local };
        url.Validators.Add(CheckUrl);
        var root = new RootCommand("Answers whether a tumour is malignant, and by which measurements, over HTTP, until it is stopped.")
        {
            url, Table(), Draw(), WriteLetter(), Report(), Short(),
        };
        root.SetAction(words => Serve(words.GetRequiredValue(url)).GetAwaiter().GetResult());
        return root.Run(args, error => error is SocketException);
    }

    private static Command Table()
    {
        var command = new Command("table", "Compares ways to find reasons on all 143 test rows.");
        command.SetAction(_ => Print(int.MaxValue));
        return command;
    }

    private static Command Draw()
    {
        var to = new Argument<string>("folder")
        {
            Description = "where it goes",
            DefaultValueFactory = _ => Path.Combine("artifacts", "credit"),
        };
        var command = new Command("draw", "Draws the reasons for the first test row as reasons.svg.") { to };
        command.SetAction(words =>
        {
            CommandLine.RequireFolder(words.GetRequiredValue(to));
            CommandLine.RequireFile(Path.Combine(words.GetRequiredValue(to), Drawings.FileName));
            Drawings.Save(Assessor.Load(folder), TestRows(), words.GetRequiredValue(to));
        });
        return command;
    }

    private static Command WriteLetter()
    {
        var row = new Argument<int>("row") { Description = "which test row, from 0", DefaultValueFactory = _ => 0 };
        var date = new Option<DateOnly?>("--date")
        {
            Description = "the letter's date, 2026-03-09; today if not given",
            HelpName = "DATE",
            CustomParser = ReadDate,
        };
        var to = new Option<string>("--out")
        {
            Description = "the folder",
            HelpName = "FOLDER",
            DefaultValueFactory = _ => Path.Combine("artifacts", "credit"),
        };
        var command = new Command("letter", "Writes the reasons for a test row as letter.html, letter.txt and reasons.json.")
        {
            row, date, to,
        };
        command.SetAction(words =>
        {
            var test = TestRows();
            var which = words.GetRequiredValue(row);
            if (which < 0 || which >= test.Rows.Count)
                throw new ArgumentException($"There are {test.Rows.Count} test rows, from 0, but row {which} was asked for.");
            CommandLine.RequireFolder(words.GetRequiredValue(to));
            var told = Letters.Load(folder).Save(test.Rows[which], $"test row {which}",
                words.GetValue(date) ?? DateOnly.FromDateTime(DateTime.Now), words.GetRequiredValue(to));
            foreach (var reason in told.Reasons)
                Console.WriteLine($"{reason.Rank}. {reason.Words} ({reason.Score:+0.000;-0.000})");
        });
        return command;
    }

    private static Command Report()
    {
        var to = new Argument<string>("file")
        {
            Description = "where it goes",
            DefaultValueFactory = _ => Path.Combine("artifacts", "credit", "report.html"),
        };
        var command = new Command("report", "Writes a page about all test rows: what matters, and each row's strongest reason.") { to };
        command.SetAction(words =>
        {
            var path = Path.GetFullPath(words.GetRequiredValue(to));
            CommandLine.RequireFolder(Path.GetDirectoryName(path)!);
            CommandLine.RequireFile(path);
            Drawings.Report(Assessor.Load(folder), TestRows()).Save(path);
            Console.WriteLine($"The page is {path}.");
        });
        return command;
    }

    private static DateOnly? ReadDate(ArgumentResult words)
    {
        var word = words.Tokens.Single().Value;
        if (DateOnly.TryParseExact(word, "yyyy-MM-dd", out var date))
            return date;
        words.AddError($"--date takes a date as 2026-03-09, not {word}.");
        return null;
    }

    private static Command Short()
    {
        var command = new Command("short",
            $"Serves on a free port, sends it good rows and bad ones, compares on {Few} rows, and stops.");
        command.SetAction(_ => Visited().GetAwaiter().GetResult());
        return command;
    }

    // The server's own words about one that is wrong come with a stack trace. It has no certificate, and so no https.
    private static void CheckUrl(ArgumentResult words)
    {
        foreach (var word in words.Tokens.Select(token => token.Value).Where(word => !IsUrl(word)))
        {
            words.AddError(word.StartsWith('-')
                ? $"There is no option {word}."
                : $"\"{word}\" is no URL to serve on, as {Local} is: http, a host, and a port up to {ushort.MaxValue}.");
        }
    }

    private static bool IsUrl(string word)
    {
        try
        {
            return BindingAddress.Parse(word) is { Scheme: "http", Port: >= 0 and <= ushort.MaxValue, PathBase: "" } address
                && IsHost(address.Host);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    // The server takes what is no address for a name, and names for all addresses of the machine. No name ends in a number.
    private static bool IsHost(string host) => host is "*" or "+" || Uri.CheckHostName(host) switch
    {
        UriHostNameType.IPv4 or UriHostNameType.IPv6 => true,
        UriHostNameType.Dns => !host.Split('.')[^1].All(char.IsAsciiDigit),
        _ => false,
    };

    private static async Task<int> Serve(string url)
    {
        await using var service = Service.Build(url, folder);
        await service.StartAsync();
        Console.WriteLine($"POST a row to {service.Urls.First()}/assess; Ctrl-C stops.");
        await service.WaitForShutdownAsync();
        return 0;
    }

    private static async Task<int> Visited()
    {
        await using var service = Service.Build("http://127.0.0.1:0", folder);
        await service.StartAsync();
        var good = await Visit.Pay(service.Urls.First(), TestRows());
        await service.StopAsync();
        Print(Few);
        if (!good)
            Console.Error.WriteLine("The service did not answer as it should.");
        return good ? 0 : 1;
    }

    private static Csv TestRows() => Csv.Read(Path.Combine(folder, "test.csv"), labels: true);

    private static void Print(int most)
    {
        var assessor = Assessor.Load(folder);
        var test = TestRows();
        var right = test.Rows.Where((row, i) => Assessor.Answers[assessor.Answer(Assessor.Row(row))] == test.Labels[i]).Count();
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
}
