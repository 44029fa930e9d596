extension InlineAsset {
  /// The one script. It listens to the events of the store and says under a bar that there is more,
  /// and moves nothing. Without it every page works, and so does a page without a stream.
  static let script = InlineAsset(
    """
    (function(){
    "use strict";
    var box=document.getElementById("news");
    if(!box||!window.EventSource)return;
    var bar=box.querySelector("p"),link=box.querySelector("a");
    var rowsURL=box.dataset.query,newest=box.dataset.newest;
    var source=null,rows=0,changed=false,more=false,timer=0,failures=0;
    function say(){
    timer=0;
    var parts=[];
    if(rows)parts.push(rows+(more?"+":"")+" new");
    if(changed)parts.push("a state has changed");
    if(!parts.length)return;
    link.textContent=parts.join(", ")+": load";
    bar.hidden=false;
    timer=setTimeout(function(){timer=0;if(dirty)tell();},5000);
    dirty=false;
    }
    var dirty=false;
    function tell(){dirty=true;if(!timer)say();}
    function count(){
    if(!rowsURL)return;
    fetch(rowsURL,{headers:{Accept:"application/json"}}).then(function(answer){
    return answer.ok?answer.json():null;
    }).then(function(page){
    if(!page||!page.rows)return;
    rows=page.rows.length;more=page.previous!==null;
    if(rows)tell();
    }).catch(function(){});
    }
    function open(){
    if(source||document.hidden)return;
    source=new EventSource(box.dataset.events);
    source.onopen=function(){failures=0;count();};
    source.addEventListener("evidence",function(event){
    if(rowsURL){if(!counting){counting=setTimeout(function(){counting=0;count();},300);}}
    else if(!newest||+event.lastEventId>+newest){rows++;tell();}
    });
    source.addEventListener("resync",function(){if(rowsURL)count();else{more=true;rows=rows||1;tell();}});
    source.addEventListener("verdict",function(){changed=true;tell();});
    source.onerror=function(){
    if(source.readyState===2||++failures>5){source.close();source=null;if(failures>5)stopped=true;}
    };
    }
    var counting=0,stopped=false;
    function close(){if(source){source.close();source=null;}}
    document.addEventListener("visibilitychange",function(){
    if(document.hidden)close();else if(!stopped)open();
    });
    window.addEventListener("pagehide",close);
    window.addEventListener("pageshow",function(){if(!stopped)open();});
    open();
    })();
    """)
}
