extension InlineAsset {
  /// The one script. It listens to the events of the store and says under a bar how many rows are new,
  /// and moves nothing. Without it every page works, and so does a page without a stream.
  ///
  /// Events tell that there is something; how many rows match is asked of the API. So rows that came
  /// before the stream was open, or while the tab was hidden, are counted too. What is said aloud
  /// changes once in five seconds at the most.
  static let script = InlineAsset(
    """
    (function(){
    "use strict";
    var box=document.getElementById("news");
    if(!box||!window.EventSource||!window.fetch)return;
    var bar=box.querySelector("p"),link=box.querySelector("a"),voice=box.querySelector("[aria-live]");
    var source=null,rows=0,more=false,changed=false;
    var asking=false,again=false,speaking=0,retry=0,pause=2000;
    function speak(){
    if(speaking)return;
    if(voice.textContent!==link.textContent){
    voice.textContent=link.textContent;
    speaking=setTimeout(function(){speaking=0;speak();},5000);
    }
    }
    function show(){
    var parts=[];
    if(rows)parts.push(rows+(more?"+":"")+" new");
    if(changed)parts.push("a state has changed");
    if(!parts.length)return;
    link.textContent=parts.join(", ")+": load";
    bar.hidden=false;
    speak();
    }
    function count(){
    if(asking){again=true;return;}
    asking=true;
    again=false;
    fetch(box.dataset.query,{headers:{Accept:"application/json"}}).then(function(answer){
    return answer.ok?answer.json():null;
    }).then(function(page){
    if(!page||!page.rows)return;
    rows=page.rows.length;
    more=page.previous!==null;
    show();
    }).catch(function(){}).then(function(){
    setTimeout(function(){asking=false;if(again&&source)count();},1000);
    });
    }
    function open(){
    clearTimeout(retry);
    if(source||document.hidden)return;
    source=new EventSource(box.dataset.events);
    source.onopen=function(){pause=2000;count();};
    source.addEventListener("evidence",count);
    source.addEventListener("resync",count);
    source.addEventListener("verdict",function(){changed=true;show();});
    source.onerror=function(){
    if(!source||source.readyState!==2)return;
    close();
    retry=setTimeout(open,pause);
    pause=Math.min(2*pause,60000);
    };
    }
    function close(){
    clearTimeout(retry);
    if(source){source.close();source=null;}
    }
    document.addEventListener("visibilitychange",function(){if(document.hidden)close();else open();});
    window.addEventListener("pagehide",close);
    window.addEventListener("pageshow",open);
    open();
    })();
    """,
    hash: "24r+vC2XIeR7ZxQnvT6AVKdMQ6LIS69YZxgkYnAXrZM=")
}
